/* How large a millimetre is on this glass: out of the diagonal that the device was told, else the style sheet's guess. */
const INCH = 25.4;

export function measured(settings) {
  const { style } = document.documentElement;
  const inches = settings && settings.inches;
  if (inches) style.setProperty('--exact', `${(Math.hypot(screen.width, screen.height) / (inches * INCH)).toFixed(3)}px`);
  else style.removeProperty('--exact');
}
