// Areas painted into the skin: told apart by colour, and without it by their pattern and their rim.
import { linear } from "./common";

/** Where pressing is allowed, what a person has marked, and a nerve that runs beneath. */
export const STAINS = { safe: "#2c9a66", drawn: "#5446d6", nerve: "#e0a800" } as const;

export const STAIN_SHADER = /* glsl */ `
const vec3 SAFE = ${linear(STAINS.safe)};
const vec3 DRAWN = ${linear(STAINS.drawn)};
const vec3 NERVE = ${linear(STAINS.nerve)};
/* full inside, a soft edge, and along it a line that is a little darker */
vec3 area(vec3 albedo, vec3 tint, float amount, float share, float rimmed) {
  float f = max(fwidth(amount), 0.08);
  float inside = smoothstep(0.5 - f, 0.5 + f, amount);
  float rim = 1.0 - smoothstep(0.0, 2.0 * f, abs(amount - 0.5 - f));
  return mix(mix(albedo, tint, share * inside), tint * 0.6, rimmed * rim);
}
vec3 stained(vec3 albedo, vec4 stain, vec3 p) {
  vec3 colour = mix(albedo, NERVE, 0.55 * smoothstep(0.06, 0.45, stain.b));
  colour = area(colour, SAFE, stain.r, 0.5, 0.45);
  float stripe = abs(fract((p.x + p.z) / 7.0) - 0.5);
  float hatch = smoothstep(0.20, 0.30, stripe);
  colour = area(colour, DRAWN, stain.g, mix(0.42, 0.62, hatch), 0.25);
  return colour * (1.0 - 0.6 * stain.a);
}
`;
