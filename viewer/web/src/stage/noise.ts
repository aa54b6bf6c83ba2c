// The one texture of the stage: fibres, clouds and grain, made on the spot so that no picture file travels.

/** Random-looking but repeatable numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Smooth noise on a torus: `columns` × `rows` random values, interpolated on `size` × `size` points, added to `out`. */
function addNoise(
  out: Float32Array,
  size: number,
  columns: number,
  rows: number,
  weight: number,
  seed: number,
) {
  const random = generator(seed);
  const lattice = Float32Array.from({ length: columns * rows }, random);
  const smooth = (t: number) => t * t * (3 - 2 * t);
  const cell = new Uint16Array(size);
  const within = new Float32Array(size);
  for (let x = 0; x < size; x++) {
    const fx = (x * columns) / size;
    cell[x] = Math.floor(fx);
    within[x] = smooth(fx - Math.floor(fx));
  }
  for (let y = 0; y < size; y++) {
    const fy = (y * rows) / size;
    const y0 = Math.floor(fy);
    const ty = smooth(fy - y0);
    const row0 = (y0 % rows) * columns;
    const row1 = ((y0 + 1) % rows) * columns;
    for (let x = 0; x < size; x++) {
      const tx = within[x] as number;
      const c0 = cell[x] as number;
      const c1 = c0 + 1 < columns ? c0 + 1 : 0;
      const a = (lattice[row0 + c0] as number) * (1 - tx) + (lattice[row0 + c1] as number) * tx;
      const b = (lattice[row1 + c0] as number) * (1 - tx) + (lattice[row1 + c1] as number) * tx;
      out[y * size + x] = (out[y * size + x] as number) + weight * (a * (1 - ty) + b * ty);
    }
  }
}

/** Spreads values evenly over [0, 1] about their mean: two standard deviations reach the ends. */
function stretched(values: Float32Array): Float32Array {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / values.length;
  const factor = 0.25 / Math.sqrt(variance);
  return values.map((value) => Math.min(1, Math.max(0, 0.5 + (value - mean) * factor)));
}

/**
 * size × size RGBA bytes that tile in both directions.
 *
 * red: height of fibres that run along x · green: its slope across them (128 is none) · blue: clouds · alpha: fine grain
 */
export function tissueNoise(size: number): Uint8Array<ArrayBuffer> {
  const fibres = new Float32Array(size * size);
  addNoise(fibres, size, 3, 11, 0.85, 1);
  addNoise(fibres, size, 4, 23, 0.8, 2);
  addNoise(fibres, size, 6, 47, 0.7, 3);
  addNoise(fibres, size, 9, 97, 0.42, 4);
  const height = stretched(fibres);
  const clouds = new Float32Array(size * size);
  for (const [octave, cells] of [5, 11, 23, 47].entries())
    addNoise(clouds, size, cells, cells, 0.55 ** octave, 11 + octave);
  const cloud = stretched(clouds);
  const grains = new Float32Array(size * size);
  addNoise(grains, size, 61, 61, 0.7, 21);
  addNoise(grains, size, 128, 128, 0.6, 22);
  const grain = stretched(grains);
  const bytes = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const before = height[((y + size - 1) % size) * size + x] as number;
      const after = height[((y + 1) % size) * size + x] as number;
      bytes[4 * at] = (height[at] as number) * 255;
      bytes[4 * at + 1] = 128 + Math.min(127, Math.max(-127, (after - before) * 255));
      bytes[4 * at + 2] = (cloud[at] as number) * 255;
      bytes[4 * at + 3] = (grain[at] as number) * 255;
    }
  return bytes;
}
