// When to draw: one picture at a time, the next only after the GPU has finished the last, so that none queue up.

/** Resolves with the milliseconds from now until the GPU has done all it was told so far. */
export function whenDone(gl: WebGL2RenderingContext): Promise<number> {
  const start = performance.now();
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  if (!fence) return Promise.resolve(0);
  return new Promise((resolve) => {
    const look = () => {
      if (gl.isContextLost()) return resolve(0);
      const state = gl.clientWaitSync(fence, 0, 0);
      if (state === gl.TIMEOUT_EXPIRED) return void setTimeout(look, 2);
      gl.deleteSync(fence);
      resolve(performance.now() - start);
    };
    setTimeout(look, 0);
  });
}

/** The last so many numbers and their quantiles. */
export class Recent {
  private readonly values: number[] = [];
  constructor(private readonly size: number) {}

  add(value: number): void {
    this.values.push(value);
    if (this.values.length > this.size) this.values.shift();
  }

  get count(): number {
    return this.values.length;
  }

  clear(): void {
    this.values.length = 0;
  }

  quantile(share: number): number {
    if (this.values.length === 0) return 0;
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
  }
}
