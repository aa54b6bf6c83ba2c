// Passes over the whole picture: ambient occlusion, and putting the picture together for the screen.

/**
 * Ambient occlusion by horizons (ground-truth form: Jimenez et al. 2016, "Practical real-time strategies for accurate
 * indirect occlusion"), one slice a picture; the direction turns from picture to picture and the mean is taken.
 */
export const OCCLUSION_FRAGMENT = /* glsl */ `
uniform sampler2D uDepth;
uniform sampler2D uNormals;  /* world normals of the surfaces, as the light sees them; empty where there is none */
uniform mat3 uTurned;        /* world to view */
uniform mat4 uProjection;
uniform vec2 uPixels;
uniform float uRadius;    /* mm */
uniform float uFocal;     /* pixels per unit of slope */
uniform float uTurn;
uniform float uShift;
uniform float uStrength;
in vec2 vAt;
out vec4 outColour;
const float HALF_PI = 1.5707963;
vec3 viewAt(vec2 at) {
  float depth = textureLod(uDepth, at, 0.0).x * 2.0 - 1.0;
  float z = -uProjection[3][2] / (depth + uProjection[2][2]);
  vec2 slope = (at * 2.0 - 1.0 + vec2(uProjection[2][0], uProjection[2][1])) / vec2(uProjection[0][0], uProjection[1][1]);
  return vec3(-z * slope, z);
}
float noise(vec2 p) { return fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))); }
float arc(float h, float n, float cosN, float sinN) { return 0.25 * (cosN + 2.0 * h * sinN - cos(2.0 * h - n)); }
void main() {
  if (textureLod(uDepth, vAt, 0.0).x >= 1.0) { outColour = vec4(1.0); return; }
  vec2 px = 1.0 / uPixels;
  vec3 p = viewAt(vAt);
  vec3 r = viewAt(vAt + vec2(px.x, 0.0)) - p, l = p - viewAt(vAt - vec2(px.x, 0.0));
  vec3 t = viewAt(vAt + vec2(0.0, px.y)) - p, b = p - viewAt(vAt - vec2(0.0, px.y));
  vec3 n = normalize(cross(abs(r.z) < abs(l.z) ? r : l, abs(t.z) < abs(b.z) ? t : b));
  vec4 smoothed = textureLod(uNormals, vAt, 0.0);
  vec3 s = normalize(uTurned * (smoothed.xyz * 2.0 - 1.0));
  /* a coarse mesh must not show its facets; but a cap has another normal than what lies behind it */
  if (smoothed.a > 0.5 && dot(s, n) > 0.6) n = s;
  vec3 v = normalize(-p);
  float turn = (noise(gl_FragCoord.xy) + uTurn) * 3.14159265;
  float shift = fract(noise(gl_FragCoord.yx + 17.0) + uShift);
  vec2 way = vec2(cos(turn), sin(turn));
  float reach = min(uRadius * uFocal / -p.z, uPixels.y * 0.3);
  vec3 slice = vec3(way, 0.0);
  vec3 ortho = slice - v * dot(slice, v);
  vec3 axis = normalize(cross(slice, v));
  vec3 flat_ = n - axis * dot(n, axis);
  float flatLength = max(length(flat_), 1e-4);
  float cosN = clamp(dot(flat_, v) / flatLength, -1.0, 1.0);
  float angle = sign(dot(ortho, flat_)) * acos(cosN);
  vec2 horizon = vec2(cos(angle + HALF_PI), cos(angle - HALF_PI));
  for (int i = 0; i < 7; i++) {
    float s = (float(i) + shift) / 7.0;
    vec2 step_ = way * px * max(s * s * reach, float(i) + 1.0);
    vec3 d0 = viewAt(vAt + step_) - p;
    vec3 d1 = viewAt(vAt - step_) - p;
    float l0 = length(d0), l1 = length(d1);
    float f0 = clamp(1.0 - l0 / uRadius, 0.0, 1.0), f1 = clamp(1.0 - l1 / uRadius, 0.0, 1.0);
    horizon.x = max(horizon.x, mix(cos(angle + HALF_PI), dot(d0, v) / l0, f0));
    horizon.y = max(horizon.y, mix(cos(angle - HALF_PI), dot(d1, v) / l1, f1));
  }
  float h0 = angle + clamp(acos(clamp(horizon.x, -1.0, 1.0)) - angle, -HALF_PI, HALF_PI);
  float h1 = angle + clamp(-acos(clamp(horizon.y, -1.0, 1.0)) - angle, -HALF_PI, HALF_PI);
  float open = flatLength * (arc(h0, angle, cosN, sin(angle)) + arc(h1, angle, cosN, sin(angle)));
  open = mix(1.0, pow(clamp(open, 0.0, 1.0), 1.3), uStrength);
  /* hollows of living tissue are warm, not grey */
  outColour = vec4(pow(vec3(open), vec3(0.86, 1.0, 1.06)), 1.0);
}
`;

/** The occlusion, a little blurred against its grain. */
export const SOFTEN_FRAGMENT = /* glsl */ `
uniform sampler2D uPicture;
in vec2 vAt;
out vec4 outColour;
void main() {
  vec2 px = 1.0 / vec2(textureSize(uPicture, 0));
  vec4 sum = texture(uPicture, vAt + px * vec2(0.75, 0.25)) + texture(uPicture, vAt + px * vec2(-0.25, 0.75));
  sum += texture(uPicture, vAt - px * vec2(0.75, 0.25)) + texture(uPicture, vAt - px * vec2(-0.25, 0.75));
  sum += texture(uPicture, vAt + px * vec2(1.5, -0.5)) + texture(uPicture, vAt - px * vec2(1.5, -0.5));
  sum += texture(uPicture, vAt + px * vec2(0.5, 1.5)) + texture(uPicture, vAt - px * vec2(0.5, 1.5));
  outColour = sum / 8.0;
}
`;

/** Background, body, outlines of what is hovered and selected; and, once there is one, the refined picture over it. */
export const COMPOSE_FRAGMENT = /* glsl */ `
uniform sampler2D uPicture;
uniform sampler2D uMask;      /* red hovered, green selected; alpha and blue the parts of them that nothing hides */
uniform sampler2D uRefined;
uniform float uRefine;        /* how much of the refined picture is shown */
uniform float uWeight;        /* written as alpha: weight of this picture in the mean */
uniform float uOutlined;
uniform float uSoften;
uniform vec2 uPixels;
uniform float uRatio;
uniform vec3 uInner;
uniform vec3 uOuter;
uniform vec3 uOutline;
in vec2 vAt;
out vec4 outColour;
float luma(vec3 c) { return dot(c, vec3(0.3, 0.59, 0.11)); }
vec4 softened(vec2 at) {
  vec4 here = texture(uPicture, at);
  if (uSoften < 0.5) return here;
  vec2 px = 1.0 / uPixels;
  vec4 nw = texture(uPicture, at + vec2(-0.5, -0.5) * px), ne = texture(uPicture, at + vec2(0.5, -0.5) * px);
  vec4 sw = texture(uPicture, at + vec2(-0.5, 0.5) * px), se = texture(uPicture, at + vec2(0.5, 0.5) * px);
  float a = luma(nw.rgb) + nw.a, b = luma(ne.rgb) + ne.a, c = luma(sw.rgb) + sw.a, d = luma(se.rgb) + se.a;
  float m = luma(here.rgb) + here.a;
  float low = min(m, min(min(a, b), min(c, d))), high = max(m, max(max(a, b), max(c, d)));
  if (high - low < 0.10) return here;
  vec2 way = vec2(-((a + b) - (c + d)), (a + c) - (b + d));
  float least = 1.0 / (min(abs(way.x), abs(way.y)) + max((a + b + c + d) * 0.03, 0.008));
  way = clamp(way * least, -6.0, 6.0) * px;
  vec4 near = 0.5 * (texture(uPicture, at - way / 6.0) + texture(uPicture, at + way / 6.0));
  vec4 far = near * 0.5 + 0.25 * (texture(uPicture, at - way * 0.5) + texture(uPicture, at + way * 0.5));
  float l = luma(far.rgb) + far.a;
  return l < low || l > high ? near : far;
}
void main() {
  vec2 off = (vAt - 0.5) * vec2(uPixels.x / uPixels.y, 1.0);
  vec3 colour = mix(uInner, uOuter, smoothstep(0.15, 1.05, length(off)));
  vec4 body = softened(vAt);
  colour = colour * (1.0 - body.a) + body.rgb;
  if (uOutlined > 0.5) {
    vec2 here = texture(uMask, vAt).rg;
    vec4 near = vec4(0.0), wide = vec4(0.0);
    for (int i = 0; i < 12; i++) {
      float turn = float(i) * 0.5235988;
      vec2 way = vec2(cos(turn), sin(turn)) * uRatio / uPixels;
      near += texture(uMask, vAt + way * 1.1);
      wide += texture(uMask, vAt + way * 2.3);
    }
    vec2 bold = clamp((near.rg * 0.5 + wide.rg) / 9.0, 0.0, 1.0) * (1.0 - here);
    vec2 thin = clamp(near.rg / 7.0, 0.0, 1.0) * (1.0 - here);
    /* what runs behind other tissue is dashed, thin and pale */
    vec2 open = clamp((near.ab + wide.ab) / 4.0, 0.0, 1.0);
    float dash = step(0.45, fract((gl_FragCoord.x + gl_FragCoord.y) / (11.0 * uRatio)));
    vec2 line = mix(thin * 0.8 * dash, min(bold * vec2(0.75, 1.35), 1.0), open);
    colour = mix(colour, uOutline, max(line.r, line.g));
  }
  if (uRefine > 0.0) colour = mix(colour, texture(uRefined, vAt).rgb, uRefine);
  float dither = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
  outColour = vec4(colour + dither / 255.0, uWeight);
}
`;
