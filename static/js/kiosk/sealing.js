/* An answer under a lock that only the service opens (kiosk/envelopes.py). The key that seals is made for this one
   answer and forgotten at once, so nothing on the device opens what lies on it. */
const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const PURPOSE = new TextEncoder().encode('nok kiosk answer 1');
const VERSION = 1;
const STEP = 512; // all answers of one questionnaire are of one length, whatever was asked and said

export function able() {
  return Boolean(self.isSecureContext && self.crypto && crypto.subtle);
}

/* `told` as base64, bound to `key`: under another name it does not open. */
export async function sealed(serverKey, key, told) {
  const point = bytes(serverKey);
  const theirs = await crypto.subtle.importKey('raw', point, CURVE, false, []);
  const mine = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const minePoint = new Uint8Array(await crypto.subtle.exportKey('raw', mine.publicKey));
  const agreed = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine.privateKey, 256);
  const once = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: joined(PURPOSE, minePoint, point) },
    await crypto.subtle.importKey('raw', agreed, 'HKDF', false, ['deriveKey']),
    { name: 'AES-GCM', length: 256 }, false, ['encrypt'],
  );
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const bound = { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(key) };
  const body = new Uint8Array(await crypto.subtle.encrypt(bound, once, padded(told)));
  return text(joined(new Uint8Array([VERSION]), minePoint, nonce, body));
}

function padded(told) {
  const plain = new TextEncoder().encode(JSON.stringify(told));
  const whole = new Uint8Array(Math.ceil(plain.length / STEP) * STEP).fill(32); // spaces: JSON does not mind them
  whole.set(plain);
  return whole;
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((from, part) => {
    whole.set(part, from);
    return from + part.length;
  }, 0);
  return whole;
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(raw) {
  return btoa(String.fromCharCode(...raw));
}
