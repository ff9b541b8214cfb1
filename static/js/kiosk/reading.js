/* Reads a screen aloud by a voice of the device itself for its language; a voice that lives on a server is not asked. */
export class Reading {
  constructor(changed) {
    this.speech = self.speechSynthesis || null;
    this.on = false;
    this.language = 'ru';
    if (this.speech && this.speech.addEventListener) this.speech.addEventListener('voiceschanged', changed);
  }

  get voice() {
    const voices = this.speech ? this.speech.getVoices() : [];
    return voices.find((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === this.language) || null;
  }

  say(text) {
    if (!this.on || !this.voice) return;
    this.speech.cancel();
    const said = new SpeechSynthesisUtterance(text);
    Object.assign(said, { voice: this.voice, lang: this.voice.lang });
    this.speech.speak(said);
  }

  turn(on) {
    this.on = on;
    if (!on && this.speech) this.speech.cancel();
  }
}
