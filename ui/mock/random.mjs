// Numbers that look random and are the same each time.

/** A generator of numbers in [0, 1) from a seed. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = (next, list) => list[Math.floor(next() * list.length)];

export function hex(next, length) {
  let text = '';
  while (text.length < length) text += Math.floor(next() * 16).toString(16);
  return text;
}

export const guid = (next) => [8, 4, 4, 4, 12].map((n) => hex(next, n)).join('-');
