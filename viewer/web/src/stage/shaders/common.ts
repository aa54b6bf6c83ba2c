// Pieces of shader code that several materials share.
import { Color } from "three";

/** A CSS colour as a linear one in a shader. */
export function linear(colour: string): string {
  const { r, g, b } = new Color(colour);
  return `vec3(${[r, g, b].map((value) => value.toFixed(5)).join(", ")})`;
}

/** Takes away what lies on the positive side of the cutting plane. */
export const CUT = /* glsl */ `
uniform vec4 uCut;
bool isCut(vec3 p) { return dot(uCut.xyz, p) > uCut.w; }
`;

/** The window: a point, and a round about the line of sight to it in which what lies before it is clear. */
export const WINDOW = /* glsl */ `
uniform vec4 uWindow;    /* the point; w: radius, mm, 0 while there is none */
uniform vec3 uWindowOut; /* from the point to the skin over it, mm */
/* distance from the line of sight as a share of the radius; 2 behind the point, and seen from the body's other side */
float offSight(vec3 p) {
  vec3 d = p - uWindow.xyz;
  vec3 way = normalize(cameraPosition - uWindow.xyz);
  float ahead = dot(d, way);
  float thick = length(uWindowOut);
  bool before = ahead > 0.0 && ahead < 2.5 * thick + 40.0 && dot(way, uWindowOut) > 0.05 * thick;
  return before ? length(d - way * ahead) / uWindow.w : 2.0;
}
`;

/**
 * Light that stands still relative to the eye (key from the upper left, weak fill from the right) in a room that stands
 * still relative to the body (bright above, warm below), and the way to the screen: Khronos' neutral tone curve, which
 * keeps hues, then sRGB.
 */
export const LIGHT = /* glsl */ `
uniform float uExposure;
const vec3 KEY = vec3(-0.53, 0.62, 0.58);
const vec3 FILL = vec3(0.80, 0.05, 0.60);

vec3 room(vec3 n) {
  vec3 low = vec3(0.30, 0.26, 0.24);
  vec3 high = vec3(0.86, 0.90, 0.96);
  return mix(low, high, smoothstep(-0.9, 0.9, n.z));
}

/* n, v: world; wrap: how far light bleeds round the terminator; bleed: its colour there */
vec3 lit(vec3 albedo, vec3 n, vec3 v, float open, float gloss, float shine, float wrap, vec3 bleed) {
  vec3 key = normalize((vec4(KEY, 0.0) * viewMatrix).xyz);
  vec3 fill = normalize((vec4(FILL, 0.0) * viewMatrix).xyz);
  float kn = dot(n, key);
  float direct = clamp((kn + wrap) / (1.0 + wrap), 0.0, 1.0);
  float soft = clamp(kn, 0.0, 1.0);
  vec3 keyed = mix(bleed, vec3(1.0), smoothstep(0.0, 0.5, soft)) * direct;
  float filled = clamp(dot(n, fill) * 0.5 + 0.5, 0.0, 1.0);
  vec3 occluded = mix(albedo * 0.55 + 0.02, vec3(1.0), open) * open;
  vec3 light = room(n) * 0.36 * occluded + keyed * 1.34 * mix(open, 1.0, 0.35) + vec3(0.80, 0.90, 1.0) * filled * filled * 0.20 * open;
  float nv = clamp(dot(n, v), 0.0, 1.0);
  float fresnel = pow(1.0 - nv, 5.0);
  vec3 h = normalize(key + v);
  float nh = clamp(dot(n, h), 0.0, 1.0);
  float spec = (gloss + 2.0) * 0.125 * pow(nh, gloss) * soft;
  float mirror = smoothstep(-0.2, 0.9, reflect(-v, n).z);
  vec3 glint = vec3(shine * spec + (shine * 0.35 + fresnel * 0.22 * shine * 8.0) * mirror * 0.35 * open);
  return albedo * light + glint * open;
}

vec3 toScreen(vec3 colour) {
  colour *= uExposure;
  float low = min(colour.r, min(colour.g, colour.b));
  float offset = low < 0.08 ? low - 6.25 * low * low : 0.04;
  colour -= offset;
  float peak = max(colour.r, max(colour.g, colour.b));
  const float start = 0.76;
  if (peak > start) {
    const float d = 1.0 - start;
    float pressed = 1.0 - d * d / (peak + d - start);
    colour *= pressed / peak;
    float g = 1.0 - 1.0 / (0.15 * (peak - pressed) + 1.0);
    colour = mix(colour, vec3(pressed), g);
  }
  vec3 low3 = colour * 12.92;
  vec3 high3 = 1.055 * pow(max(colour, 0.0), vec3(1.0 / 2.4)) - 0.055;
  return mix(high3, low3, vec3(lessThanEqual(colour, vec3(0.0031308))));
}
`;

/** Passes a vertex through unchanged; everything on the stage is in LPS mm already. */
export const PLAIN_VERTEX = /* glsl */ `
out vec3 vP;
void main() {
  vP = position;
  gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
}
`;

/** A triangle over the whole picture. */
export const SCREEN_VERTEX = /* glsl */ `
out vec2 vAt;
void main() {
  vAt = position.xy * 0.5 + 0.5;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}
`;
