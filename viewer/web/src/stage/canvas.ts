// The canvas and the browser's drawing context on it.
import { WebGLRenderer } from "three";

/** There is no WebGL 2 to be had here: switched off, missing, or all contexts taken. */
export class NoWebGL extends Error {
  override readonly name = "NoWebGL";
}

/**
 * A renderer that leaves clearing, counting, multisampling and errors in shaders to others. Throws NoWebGL.
 *
 * The context is asked for here, since three would write what every page may meet to the console as an error.
 */
export function newRenderer(): WebGLRenderer {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = contextOf(canvas);
  if (!context) throw new NoWebGL("This browser has no WebGL 2 to draw with.");
  const renderer = new WebGLRenderer({ canvas, context });
  /* asking for errors waits for each program in turn */
  renderer.debug.checkShaderErrors = false;
  renderer.autoClear = false;
  renderer.info.autoReset = false;
  renderer.setClearColor(0x000000, 0);
  return renderer;
}

function contextOf(canvas: HTMLCanvasElement): WebGL2RenderingContext | null {
  try {
    return canvas.getContext("webgl2", {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      powerPreference: "high-performance",
    });
  } catch {
    return null;
  }
}

/** Whether the processor has to draw, for want of a graphics card. */
export function drawsInSoftware(renderer: WebGLRenderer): boolean {
  const gl = renderer.getContext();
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/** Lets the canvas fill its host and take the keyboard; touches are the stage's own. Unseen until its first picture. */
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
    opacity: "0",
  });
}
