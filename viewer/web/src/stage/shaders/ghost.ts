// Another body over the stage's own: clear where one looks straight at it, dense at its edges.
import { CUT } from "./common";

export const GHOST_VERTEX = /* glsl */ `
out vec3 vP;
out vec3 vN;
void main() {
  vP = position;
  vN = normal;
  gl_Position = projectionMatrix * viewMatrix * vec4(position, 1.0);
}
`;

export const GHOST_FRAGMENT = /* glsl */ `
${CUT}
uniform vec3 uTint;   /* as on screen */
uniform float uDense; /* 0 to 1 */
uniform float uEdges; /* 1: nothing but edges */
in vec3 vP;
in vec3 vN;
out vec4 outColour;
void main() {
  if (isCut(vP)) discard;
  vec3 n = normalize(vN);
  float facing = abs(dot(n, normalize(cameraPosition - vP)));
  float rim = pow(1.0 - facing, mix(3.0, 5.0, uEdges));
  float light = 0.62 + 0.38 * facing + 0.10 * n.z;
  float fill = mix(uDense * mix(0.8, 1.0, uDense), 0.0, uEdges);
  float edge = rim * mix(min(1.0, 1.5 * uDense), 0.5 * uDense, uEdges);
  outColour = vec4(mix(uTint * light, uTint * 0.55, rim * (1.0 - uDense)), max(fill, edge));
}
`;
