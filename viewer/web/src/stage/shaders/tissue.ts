// One shader for all tissues: bone, muscle with its tendon, nerve, ligament and fascia, skin.
import { HEAT_SHADER } from "../heat";
import { CUT, LIGHT, WINDOW } from "./common";
import { STAIN_SHADER } from "./stain";

/** Values of `uKind`. */
export const TISSUE = { bone: 0, muscle: 1, nerve: 2, dense: 3, skin: 4 } as const;

export const TISSUE_VERTEX = /* glsl */ `
in vec4 tint;
#ifdef HEAT
in float heat;
out float vHeat;
#endif
#ifdef STAIN
in vec4 stain;
out vec4 vStain;
#endif
out vec3 vP;
out vec3 vN;
out vec2 vUv;
out vec2 vMask;
void main() {
  vP = position;
  vN = normal;
  vUv = uv;
  vMask = tint.rg;
#ifdef HEAT
  vHeat = heat;
#endif
#ifdef STAIN
  vStain = stain;
#endif
  gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
}
`;

export const TISSUE_FRAGMENT = /* glsl */ `
${CUT}
${LIGHT}
uniform int uKind;
uniform bool uHasUv;
uniform vec3 uBase;      /* linear */
uniform vec3 uDeep;      /* between bundles, in hollows */
uniform vec3 uTendon;
uniform vec3 uSection;   /* inside, seen where an open surface is cut */
uniform vec4 uFibre;     /* with uv: repeats of the texture along u and around v; without: focus (mm) and reach (mm) */
uniform vec3 uAxis;      /* without uv: direction of the fibres at the belly's middle */
uniform float uOpacity;
uniform float uGhost;
uniform vec3 uGhostTint;
uniform float uHover;
uniform float uSelected;
#ifdef HEAT
in float vHeat;
${HEAT_SHADER}
#endif
#ifdef STAIN
in vec4 vStain; /* r where pressing is allowed, g what a person has marked, b what runs beneath, a the shadow of a thing */
${STAIN_SHADER}
#endif
uniform float uWindowed;
${WINDOW}
uniform sampler2D uNoise; /* r fibre height, g its slope across, b cloud, a grain */
in vec3 vP;
in vec3 vN;
in vec2 vUv;
in vec2 vMask;
out vec4 outColour;

vec4 cloud(vec3 p, vec3 w) {
  return texture(uNoise, p.yz) * w.x + texture(uNoise, p.zx) * w.y + texture(uNoise, p.xy) * w.z;
}

void main() {
  if (isCut(vP)) discard;
  vec3 eye = normalize(cameraPosition - vP);
  vec3 n = normalize(vN);
  if (!gl_FrontFacing) {
    if (uOpacity < 1.0) discard;
    /* the inside of an open surface: lit like the face of the cut, so that it passes for one */
    vec3 face = dot(uCut.xyz, uCut.xyz) > 0.5 ? uCut.xyz : -n;
    outColour = vec4(toScreen(lit(uSection, face, eye, 1.0, 10.0, 0.01, 0.6, vec3(1.0))), 1.0);
    return;
  }
  if (dot(n, eye) < 0.0) n = normalize(n - 1.02 * dot(n, eye) * eye);
  float open = mix(0.30, 1.0, vMask.y);
  vec3 w = pow(abs(n), vec3(4.0));
  w /= w.x + w.y + w.z;

  /* fibre pattern: along the fibre (x) and across it (y), and the direction across in space */
  vec4 fine = vec4(0.5);
  vec4 broad = vec4(0.5);
  vec3 across = vec3(0.0);
  vec3 along = uAxis;
  float ragged = 0.5;
  if (uKind != 0 && uKind != 4) {
    if (uHasUv) {
      vec2 at = vUv * uFibre.xy;
      fine = texture(uNoise, at);
      fine += (texture(uNoise, at * vec2(3.0, 4.0) + 0.13) - 0.5) * 0.45; /* single fibres, near by */
      broad = texture(uNoise, vec2(at.x * 0.5 + 0.31, at.y * 0.5 + 0.17 * step(1.5, uFibre.y)));
      ragged = texture(uNoise, vec2(at.x * 0.25 + 0.7, at.y)).r;
      vec3 px = dFdx(vP), py = dFdy(vP);
      vec2 ux = dFdx(vUv), uy = dFdy(vUv);
      float det = ux.x * uy.y - uy.x * ux.y;
      across = (py * ux.x - px * uy.x) * sign(det);
      along = (px * uy.y - py * ux.y) * sign(det);
    } else {
      vec3 spoke = vP - uFibre.xyz;
      float far = length(spoke);
      along = spoke / far;
      vec3 helper = abs(uAxis.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(0.0, 1.0, 0.0);
      vec3 a = normalize(cross(helper, uAxis));
      vec3 b = cross(uAxis, a);
      vec2 angle = vec2(dot(along, a), dot(along, b)) / max(dot(along, uAxis), 0.2) * uFibre.w / 26.0;
      float run = far / 320.0;
      float pick = smoothstep(0.35, 0.65, abs(dot(n, a)) / (abs(dot(n, a)) + abs(dot(n, b)) + 1e-4));
      fine = mix(texture(uNoise, vec2(run, angle.x)), texture(uNoise, vec2(run, angle.y + 0.37)), pick);
      broad = mix(texture(uNoise, vec2(run * 0.5, angle.x * 0.4)), texture(uNoise, vec2(run * 0.5, angle.y * 0.4 + 0.37)), pick);
      ragged = fine.r;
      across = mix(a, b, pick);
    }
    along = normalize(along - n * dot(n, along) + 1e-6);
    across = normalize(across - n * dot(n, across) + 1e-6);
  }

  vec3 albedo = uBase;
  float gloss = 24.0, shine = 0.05, wrap = 0.15;
  vec3 bleed = vec3(1.0);
  if (uKind == 0) {
    vec4 coarse = cloud(vP / 61.0, w);
    vec4 grain = cloud(vP / 17.0, w);
    float mottle = coarse.b * 0.65 + grain.b * 0.35;
    albedo = mix(uDeep, uBase, clamp(0.30 + 0.75 * vMask.y + (mottle - 0.5) * 0.55, 0.0, 1.0));
    albedo *= 0.93 + 0.14 * (grain.a - 0.5) + 0.16 * (mottle - 0.5) + 0.04;
    gloss = 14.0; shine = 0.03; wrap = 0.06; bleed = vec3(1.0, 0.86, 0.74);
    open = mix(0.24, 1.0, pow(vMask.y, 1.25));
  } else if (uKind == 1) {
    float height = fine.r * 0.6 + broad.r * 0.4;
    float tendon = smoothstep(0.36, 0.62, vMask.x + (ragged - 0.5) * 0.85 * smoothstep(0.02, 0.25, vMask.x) * (1.0 - smoothstep(0.85, 1.0, vMask.x)));
    float septum = smoothstep(0.42, 0.20, broad.r);
    vec3 flesh = mix(uDeep, uBase, smoothstep(0.05, 0.74, height));
    flesh = mix(flesh, uDeep * 0.9, septum * 0.25);
    flesh = mix(flesh, uBase * 1.16 + 0.012, smoothstep(0.66, 0.95, fine.r) * 0.5);
    flesh *= 0.90 + 0.22 * (broad.b - 0.3);
    vec3 sinew = uTendon * (0.86 + 0.22 * (fine.r - 0.3)) * mix(vec3(1.0, 0.94, 0.86), vec3(1.0), fine.r);
    albedo = mix(flesh, sinew, tendon);
    float relief = mix(0.23, 0.14, tendon);
    n = normalize(n - across * ((fine.g - 0.5) + 0.7 * (broad.g - 0.5)) * relief * 2.0);
    gloss = mix(18.0, 36.0, tendon); shine = mix(0.045, 0.085, tendon);
    wrap = 0.18; bleed = mix(vec3(1.0, 0.55, 0.45), vec3(1.0, 0.93, 0.86), tendon);
  } else if (uKind == 2) {
    float bundle = smoothstep(0.25, 0.75, fine.r * 0.5 + broad.r * 0.5);
    albedo = mix(uDeep, uBase, bundle);
    n = normalize(n - across * (fine.g + broad.g - 1.0) * 0.32);
    gloss = 34.0; shine = 0.07; wrap = 0.25; bleed = vec3(1.0, 0.85, 0.6);
  } else if (uKind == 3) {
    albedo = mix(uDeep, uBase, smoothstep(0.15, 0.8, fine.r * 0.6 + broad.r * 0.4));
    n = normalize(n - across * (fine.g + 0.6 * broad.g - 0.8) * 0.30);
    gloss = 40.0; shine = 0.085; wrap = 0.2; bleed = vec3(1.0, 0.92, 0.84);
  } else {
    vec4 pore = cloud(vP / 23.0, w);
    albedo = uBase * (0.95 + 0.10 * (pore.b - 0.5) + 0.05 * (pore.a - 0.5));
    gloss = 18.0; shine = 0.045; wrap = 0.35; bleed = vec3(1.0, 0.62, 0.5);
  }

#ifdef STAIN
  albedo = stained(albedo, vStain, vP);
#endif
#ifdef HEAT
  albedo = heatAt(vHeat);
  gloss = 14.0; shine = 0.02; bleed = vec3(1.0);
#endif
  vec3 colour = lit(albedo, n, eye, open, gloss, shine, wrap, bleed);
  if (uKind == 1 || uKind == 3 || uKind == 2) {
    /* silky streak of light across the fibres */
    vec3 key = normalize((vec4(KEY, 0.0) * viewMatrix).xyz);
    float th = dot(along, normalize(key + eye));
    float silk = pow(max(1.0 - th * th, 0.0), 22.0) * clamp(dot(n, key), 0.0, 1.0);
    colour += silk * shine * (uKind == 1 ? mix(vec3(0.42, 0.30, 0.27), vec3(1.4), vMask.x) : vec3(1.3)) * open * (0.4 + 0.9 * fine.r);
  }
  float edge = pow(1.0 - clamp(dot(normalize(vN), eye), 0.0, 1.0), 2.6);
  colour += uSelected * (colour * 0.08 + 0.006);
  colour += uHover * (colour * 0.10 + vec3(0.012) + vec3(0.16) * edge);

  float alpha = uOpacity;
  if (uGhost > 0.0) {
    float grey = dot(colour, vec3(0.25, 0.6, 0.15));
    colour = mix(colour, mix(vec3(grey), uGhostTint, 0.55), 0.66 * uGhost);
    alpha = clamp(uOpacity * mix(1.0, 0.62 + 3.2 * edge, uGhost), 0.0, 1.0);
  }
  if (uWindowed > 0.5 && uWindow.w > 0.0) {
    float off = offSight(vP);
    alpha *= mix(0.04, 1.0, smoothstep(0.84, 1.0, off));
    /* the window's edge */
    colour *= 1.0 - 0.4 * (1.0 - smoothstep(0.015, 0.05, abs(off - 1.01)));
  }
  outColour = vec4(toScreen(colour), alpha);
}
`;
