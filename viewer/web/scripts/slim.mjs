// Leaves out of three.js what this page never runs: headsets, lights, shadows, surroundings that are mirrored, output
// through another buffer, and the shaders and uniforms of materials that it does not use.
// All of its materials carry shaders of their own, so three's library of them (a fifth of its size) stays empty but for
// the pieces that the renderer itself puts in front of every shader, and those that a shader here includes by name.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Pieces that `WebGLProgram` uses by itself. */
const ALWAYS = [
  "colorspace_pars_fragment",
  "tonemapping_pars_fragment",
  "default_vertex",
  "default_fragment",
];

/** Materials of three whose shaders are left out. */
const LEFT_OUT =
  /\b(Mesh(?:Basic|Lambert|Phong|Standard|Physical|Toon|Matcap|Normal|Depth|Distance)Material|Points?Material|SpriteMaterial|ShadowMaterial|Line(?:Basic|Dashed)Material|PMREMGenerator)\b/;

const INCLUDE = /#include\s+<(\w+)>/g;

/** Stand-ins for modules of three's renderer, by file: what `WebGLRenderer` asks of them, answered with nothing. */
const STAND_INS = {
  "webxr/WebXRManager.js": `
    import { EventDispatcher } from "../../core/EventDispatcher.js";
    export class WebXRManager extends EventDispatcher {
      enabled = false;
      isPresenting = false;
      cameraAutoUpdate = false;
      getEnvironmentBlendMode() {}
      hasDepthSensing() { return false; }
      setAnimationLoop() {}
      dispose() {}
    }`,
  "webgl/WebGLShadowMap.js": `
    export class WebGLShadowMap {
      enabled = false;
      autoUpdate = false;
      needsUpdate = false;
      type = 0;
      render() {}
    }`,
  "webgl/WebGLLights.js": `
    const KINDS = ["sun", "directional", "spot", "spotLightMap", "rectArea", "point", "hemi", "sunShadow", "sunShadowMap",
      "directionalShadow", "directionalShadowMap", "spotShadow", "spotShadowMap", "pointShadow", "pointShadowMap"];
    export class WebGLLights {
      state = { version: 0, hash: {}, numSpotLightShadowsWithMaps: 0, numLightProbes: 0,
        ...Object.fromEntries(KINDS.map((kind) => [kind, []])) };
      setup() {}
      setupView() {}
    }`,
  "webgl/WebGLMaterials.js": `
    export class WebGLMaterials {
      refreshFogUniforms() {}
      refreshMaterialUniforms(_uniforms, material) { material.uniformsNeedUpdate = false; }
    }`,
  "webgl/WebGLEnvironments.js": `
    export class WebGLEnvironments {
      get() { return null; }
      dispose() {}
    }`,
  "webgl/WebGLOutput.js": "export class WebGLOutput {}",
};

/** Names of the chunks that the page's own shaders include, with what those include in turn. */
async function includedChunks(sources, three) {
  const wanted = new Set(ALWAYS);
  const todo = [...ALWAYS];
  for (const file of await readdir(sources, { recursive: true })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = await readFile(join(sources, file), "utf8");
    const code = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    const material = code.match(LEFT_OUT)?.[1];
    if (material)
      throw new Error(
        `${file} uses three's ${material}, which scripts/slim.mjs leaves out of the bundle: keep its shaders there.`,
      );
    for (const [, name] of text.matchAll(INCLUDE)) todo.push(name);
  }
  for (let name = todo.pop(); name; name = todo.pop()) {
    wanted.add(name);
    const text = await readFile(join(three, "renderers/shaders/ShaderChunk", `${name}.glsl.js`), "utf8");
    for (const [, inner] of text.matchAll(INCLUDE)) if (!wanted.has(inner)) todo.push(inner);
  }
  return wanted;
}

/** esbuild plugin: bundles three from its sources, without what is never run. */
export function slimThree(root) {
  const three = join(root, "node_modules/three/src");
  return {
    name: "slim-three",
    async setup(build) {
      const wanted = await includedChunks(join(root, "src"), three);
      build.onResolve({ filter: /^three$/ }, () => ({ path: join(three, "Three.js"), sideEffects: false }));
      // All that it does by itself is to tell developers' tools of itself.
      build.onResolve({ filter: /^\.\/Three\.Core\.js$/ }, () => ({
        path: join(three, "Three.Core.js"),
        sideEffects: false,
      }));
      build.onLoad(
        { filter: /three[\\/]src[\\/]renderers[\\/]shaders[\\/]Shader(Lib|Chunk)[\\/].*\.glsl\.js$/ },
        async ({ path }) => {
          if (wanted.has(basename(path, ".glsl.js"))) return undefined;
          const names = [...(await readFile(path, "utf8")).matchAll(/export (?:default|const (\w+))/g)];
          const contents = names
            .map(([, name]) => (name ? `export const ${name} = "";` : `export default "";`))
            .join("\n");
          return { contents, loader: "js" };
        },
      );
      build.onLoad({ filter: /three[\\/]src[\\/]renderers[\\/]web(xr|gl)[\\/]\w+\.js$/ }, ({ path }) => {
        const contents = STAND_INS[path.split(/[\\/]/).slice(-2).join("/")];
        return contents && { contents, loader: "js", resolveDir: dirname(path) };
      });
    },
  };
}
