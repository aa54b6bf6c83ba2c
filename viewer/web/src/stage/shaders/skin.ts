// What is drawn onto the skin and what lies beneath it: dots, an X, a ball.
import { CUT, LIGHT, WINDOW } from "./common";

/** A disc laid onto the surface: so large on the body, but never too small or too large to read on screen. */
export const STIPPLE_VERTEX = /* glsl */ `
in vec3 centre;
in vec3 facing;
in float essential;
${WINDOW}
uniform float uCovers;  /* stands before the window's point: it leaves the window free */
uniform float uFocal;  /* CSS pixels per unit of slope */
uniform vec4 uRadius;  /* mm of a disc and of a ring; least and largest, CSS pixels */
uniform float uRatio;  /* device pixels per CSS pixel */
out vec3 vP;
out vec2 vAt;
out float vEssential;
out float vLeft;
void main() {
  vLeft = uCovers > 0.5 && uWindow.w > 0.0 ? smoothstep(0.62, 0.9, offSight(centre)) : 1.0;
  float depth = -(viewMatrix * vec4(centre, 1.0)).z;
  float pixel = depth / uFocal;
  float radius = clamp(mix(uRadius.y, uRadius.x, essential), uRadius.z * pixel, uRadius.w * pixel);
  float rim = 1.5 * pixel / uRatio + 0.4 * radius;
  vec3 helper = abs(facing.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(0.0, 1.0, 0.0);
  vec3 across = normalize(cross(helper, facing));
  vec3 along = cross(facing, across);
  vAt = position.xy * (radius + rim) / radius;
  vEssential = essential;
  vP = centre + facing * 0.25 + (across * position.x + along * position.y) * (radius + rim);
  gl_Position = projectionMatrix * viewMatrix * vec4(vP, 1.0);
  gl_Position.z -= 0.00004 * gl_Position.w;
  /* nothing on the far side, nor so aslant that it is but a smear */
  if (dot(facing, normalize(cameraPosition - centre)) < 0.10) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
}
`;

export const STIPPLE_FRAGMENT = /* glsl */ `
${CUT}
uniform vec3 uInk;   /* as on screen */
uniform vec3 uHalo;
uniform float uHaloed;  /* on flesh, which is as dark and as red as the ink: set off by a pale line */
in vec3 vP;
in vec2 vAt;
in float vEssential;
in float vLeft;
out vec4 outColour;
void main() {
  if (isCut(vP)) discard;
  float d = length(vAt);
  float f = fwidth(d) * 0.75;
  float ink = 1.0 - smoothstep(1.0 - f, 1.0 + f, d);
  ink *= mix(smoothstep(0.50 - f, 0.50 + f, d), 1.0, vEssential);
  float halo = uHaloed * (1.0 - smoothstep(1.30 - f, 1.30 + f, d));
  halo *= mix(smoothstep(0.30 - f, 0.30 + f, d), 1.0, vEssential);
  float cover = max(ink, halo) * vLeft;
  if (cover < 0.02) discard;
  outColour = vec4(mix(uHalo, uInk, ink), cover);
}
`;

/** An X in the size of the picture: two strokes with round ends, and a halo. */
export const CROSS_FRAGMENT = /* glsl */ `
${CUT}
uniform vec3 uColour;
uniform vec3 uRim;
uniform float uSize;
uniform float uOpacity;
in vec3 vP;
out vec4 outColour;
float stroke(vec2 p, vec2 way) { return length(p - way * clamp(dot(p, way), -0.95, 0.95)); }
void main() {
  if (isCut(vP)) discard;
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  float d = min(stroke(p, vec2(0.7071)), stroke(p, vec2(0.7071, -0.7071)));
  float f = 2.0 / uSize;
  float ink = 1.0 - smoothstep(0.15 - f, 0.15 + f, d);
  float halo = 1.0 - smoothstep(0.28 - f, 0.28 + f, d);
  if (halo < 0.02) discard;
  outColour = vec4(mix(uRim, uColour, ink), uOpacity * max(ink, 0.92 * halo));
}
`;

export const BALL_VERTEX = /* glsl */ `
uniform mat4 uPlace;
out vec3 vP;
out vec3 vN;
out vec3 vOn;
void main() {
  vOn = position;
  vP = (uPlace * vec4(position, 1.0)).xyz;
  vN = mat3(uPlace) * normal;
  gl_Position = projectionMatrix * viewMatrix * vec4(vP, 1.0);
}
`;

/** Values of `uKind`. */
export const MATTER = { felt: 0, rubber: 1, foam: 2 } as const;

/** vOn: mm from the middle, z along the axis of what has one */
export const BALL_FRAGMENT = /* glsl */ `
${CUT}
${LIGHT}
uniform int uKind;
uniform vec3 uBase;
uniform vec3 uSeam;
uniform float uClear;  /* how far one looks through its middle */
uniform sampler2D uNoise;
in vec3 vP;
in vec3 vN;
in vec3 vOn;
out vec4 outColour;
void main() {
  if (isCut(vP)) discard;
  vec3 eye = normalize(cameraPosition - vP);
  vec3 n = normalize(vN);
  vec3 on = normalize(vOn);
  vec3 w = pow(abs(on), vec3(4.0));
  w /= w.x + w.y + w.z;
  vec3 at = vOn / 19.0;
  vec4 grain = texture(uNoise, at.yz) * w.x + texture(uNoise, at.zx) * w.y + texture(uNoise, at.xy) * w.z;
  vec3 albedo = uBase;
  float gloss = 10.0, shine = 0.01, wrap = 0.3, open = 1.0;
  if (uKind == 0) {
    albedo *= 0.86 + 0.28 * (grain.a * 0.6 + grain.b * 0.4);
    /* one curved line that parts the cover in two like halves */
    float turn = atan(on.y, on.x);
    float off = on.z - 0.62 * cos(2.0 * turn);
    float d = abs(off) / length(vec2(1.0, 1.24 * sin(2.0 * turn)));
    float f = fwidth(off);
    float seam = 1.0 - smoothstep(0.045 - f, 0.045 + f, d);
    albedo = mix(albedo, uSeam, seam);
    open = 1.0 - 0.35 * seam;
    wrap = 0.5;
  } else if (uKind == 1) {
    gloss = 42.0; shine = 0.06; wrap = 0.2;
  } else {
    albedo *= 0.9 + 0.2 * grain.a;
    float ridge = fract(vOn.z / 26.0);
    open = 0.62 + 0.38 * smoothstep(0.0, 0.10, min(ridge, 1.0 - ridge));
  }
  float alpha = 1.0 - uClear * smoothstep(0.15, 0.85, dot(n, eye));
  outColour = vec4(toScreen(lit(albedo, n, eye, open, gloss, shine, wrap, vec3(1.0))), alpha);
}
`;
