// What is painted on or drawn into the body: footprints, lines, dots, the caps and the frame of the cut.
import { CUT, LIGHT } from "./common";

export const FOOTPRINT_VERTEX = /* glsl */ `
in vec4 tint;
out vec3 vP;
out vec3 vN;
out float vOpen;
void main() {
  vP = position;
  vN = normal;
  vOpen = tint.g;
  gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
  gl_Position.z -= 0.00002 * gl_Position.w;
}
`;

/** Diagonal hatching for an origin, dots for an insertion: told apart without colour, in the size of the picture. */
export const FOOTPRINT_FRAGMENT = /* glsl */ `
${CUT}
${LIGHT}
uniform vec3 uColour;
uniform vec3 uBone;
uniform vec3 uInk;
uniform vec3 uAcross;
uniform vec3 uAlong;
uniform float uSpacing;  /* mm */
uniform float uDots;
uniform float uStrength;
uniform float uEmphasis;
uniform float uOpacity;
in vec3 vP;
in vec3 vN;
in float vOpen;
out vec4 outColour;
float soft(float d, float width) { float f = fwidth(d); return 1.0 - smoothstep(width - f, width + f, d); }
void main() {
  if (isCut(vP)) discard;
  vec3 eye = normalize(cameraPosition - vP);
  vec3 n = normalize(vN);
  if (dot(n, eye) < 0.0) n = -n;
  vec2 at = vec2(dot(vP, uAcross), dot(vP, uAlong)) / uSpacing;
  float mark;
  if (uDots > 0.5) {
    vec2 cell = fract(vec2(at.x + at.y, at.x - at.y)) - 0.5;
    mark = soft(length(cell), 0.24);
  } else {
    mark = soft(abs(fract(at.x + at.y) - 0.5), 0.13);
  }
  vec3 paint = mix(uColour, uInk, mark * mix(0.62, 0.80, uEmphasis));
  float strength = min(1.0, mix(uStrength * 0.93, uStrength, uEmphasis));
  vec3 colour = lit(mix(uBone, paint * 0.72, strength), n, eye, mix(0.45, 1.0, vOpen), 14.0, 0.02, 0.25, vec3(1.0));
  outColour = vec4(toScreen(colour), uOpacity);
}
`;

/** Line segments as wide as wanted, in pixels, brought a little towards the eye. */
export const LINE_VERTEX = /* glsl */ `
in vec3 start;
in vec3 end;
uniform vec2 uPixels;  /* size of the picture, pixels */
uniform float uWidth;
uniform float uLift;   /* towards the eye, mm */
out vec3 vP;
out float vSide;
void main() {
  vP = position.x < 0.5 ? start : end;
  vec4 a = viewMatrix * vec4(start, 1.0);
  vec4 b = viewMatrix * vec4(end, 1.0);
  a.xyz -= normalize(a.xyz) * uLift;
  b.xyz -= normalize(b.xyz) * uLift;
  vec4 ca = projectionMatrix * a;
  vec4 cb = projectionMatrix * b;
  vec2 run = (cb.xy / cb.w - ca.xy / ca.w) * uPixels;
  vec2 along = length(run) > 1e-4 ? normalize(run) : vec2(1.0, 0.0);
  vec2 aside = vec2(-along.y, along.x) * position.y + along * (position.x * 2.0 - 1.0) * 0.5;
  vec4 c = position.x < 0.5 ? ca : cb;
  c.xy += aside * (uWidth + 1.0) / uPixels * c.w;
  vSide = position.y * (uWidth + 1.0) * 0.5;
  gl_Position = c;
}
`;

export const LINE_FRAGMENT = /* glsl */ `
${CUT}
uniform vec3 uColour;   /* as on screen */
uniform float uOpacity;
uniform float uWidth;
uniform float uClipped;
in vec3 vP;
in float vSide;
out vec4 outColour;
void main() {
  if (uClipped > 0.5 && isCut(vP)) discard;
  float cover = clamp(uWidth * 0.5 + 0.5 - abs(vSide), 0.0, 1.0);
  if (cover < 0.02) discard;
  outColour = vec4(uColour, uOpacity * cover);
}
`;

export const DOT_VERTEX = /* glsl */ `
uniform float uSize;
uniform float uLift;
out vec3 vP;
void main() {
  vP = position;
  vec4 p = viewMatrix * vec4(position, 1.0);
  p.xyz -= normalize(p.xyz) * uLift;
  gl_Position = projectionMatrix * p;
  gl_PointSize = uSize;
}
`;

export const DOT_FRAGMENT = /* glsl */ `
${CUT}
uniform vec3 uColour;
uniform vec3 uRim;
uniform float uSize;
in vec3 vP;
out vec4 outColour;
void main() {
  if (isCut(vP)) discard;
  float d = length(gl_PointCoord - 0.5) * uSize;
  float cover = clamp(uSize * 0.5 - d, 0.0, 1.0);
  if (cover < 0.02) discard;
  outColour = vec4(mix(uColour, uRim, clamp(d - uSize * 0.5 + min(2.6, uSize * 0.24), 0.0, 1.0)), cover);
}
`;

/** The closed face of a cut: flesh in bundles, bone with its spongy inside, a nerve with its fascicles. */
export const CAP_FRAGMENT = /* glsl */ `
${LIGHT}
uniform int uKind;
uniform vec3 uColour;
uniform vec3 uAcross;
uniform vec3 uAlong;
uniform vec3 uNormal;
uniform vec3 uAccent;
uniform float uHover;
uniform float uSelected;
uniform float uOpacity;
uniform float uGhost;
uniform sampler2D uNoise;
in vec3 vP;
out vec4 outColour;
void main() {
  vec2 at = vec2(dot(vP, uAcross), dot(vP, uAlong));
  vec4 fine = texture(uNoise, at / 9.0);
  vec4 broad = texture(uNoise, at / 23.0 + 0.37);
  float bundle = uKind == 1 ? smoothstep(0.30, 0.46, abs(broad.b - 0.5) + fine.b * 0.45) : smoothstep(0.2, 0.7, fine.a * 0.6 + broad.b * 0.4);
  vec3 albedo = uColour * mix(uKind == 1 ? 0.97 : 0.84, 1.04, bundle);
  if (uKind == 1) albedo = mix(albedo, vec3(0.62, 0.30, 0.25), 0.12 * (1.0 - bundle));
  vec3 eye = normalize(cameraPosition - vP);
  vec3 colour = lit(albedo, uNormal, eye, 1.0, 10.0, 0.015, 0.6, vec3(1.0));
  colour = mix(colour, uAccent, 0.16 * uSelected) + colour * 0.18 * uHover;
  if (uGhost > 0.0) colour = mix(colour, vec3(dot(colour, vec3(0.25, 0.6, 0.15))), 0.6);
  outColour = vec4(toScreen(colour), uOpacity);
}
`;
