/* Which screen suits the hour while nobody is here. */
export function resting(device) {
  const { settings, revoked, token, full } = device;
  if (revoked || !token || !settings) return 'pairing';
  const day = device.day();
  if (!settings.campaign || day < settings.starts_on || day > settings.ends_on) return 'closed';
  if (full) return 'full';
  return atWork(settings) ? 'attract' : 'hours';
}

function atWork({ opens, closes }) {
  if (!opens) return true;
  const now = new Date().toTimeString().slice(0, 5);
  return opens <= now && now < closes;
}
