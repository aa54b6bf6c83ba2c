// The canvas and the browser's drawing context on it.
import { WebGLRenderer } from "three";

/** Whether this browser can draw in three dimensions at all (WebGL 2). */
export function supported(): boolean {
  try {
    const gl = document.createElement("canvas").getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return gl !== null;
  } catch {
    return false;
  }
}

/** A renderer that leaves clearing, counting and multisampling to the pipeline. Throws an Error where there is no WebGL 2. */
export function newRenderer(): WebGLRenderer {
  const renderer = new WebGLRenderer({
    antialias: false,
    depth: false,
    stencil: false,
    alpha: false,
    powerPreference: "high-performance",
  });
  renderer.autoClear = false;
  renderer.info.autoReset = false;
  renderer.setClearColor(0x000000, 0);
  return renderer;
}

/** Lets the canvas fill its host and take the keyboard; touches are the stage's own. */
export function dress(canvas: HTMLCanvasElement): void {
  canvas.className = "stage-canvas";
  canvas.tabIndex = 0;
  Object.assign(canvas.style, {
    position: "absolute",
    inset: "0",
    width: "100%",
    height: "100%",
    touchAction: "none",
    display: "block",
  });
}
