// The outlines of the types for WebGL, one program for all of them: distances from the outline in the unit of the
// radius, y downwards, as in the paths of theme.yaml. The first line of each program is added when it is made.

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_glyph;
attribute vec2 a_corner;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
uniform float u_least;
varying vec4 v_color;
varying vec2 v_at;
varying float v_radius;
varying float v_glyph;
void main() {
  v_radius = max(a_size / u_sizeRatio, u_least + a_size * ${MORE});
  v_at = a_corner * (1.15 + 2.5 / v_radius);
  vec2 place = a_position + vec2(v_at.x, -v_at.y) * v_radius * 2.0 * u_correctionRatio;
  gl_Position = vec4((u_matrix * vec3(place, 1)).xy, 0, 1);
  v_glyph = a_glyph;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec2 v_at;
varying float v_radius;
varying float v_glyph;
uniform vec3 u_paper;
float box(vec2 p, vec2 half_, float round_) {
  vec2 q = abs(p) - half_ + round_;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - round_;
}
float pin(vec2 p) {
  float head = length(p - vec2(0.0, -0.16)) - 0.84;
  vec2 q = vec2(abs(p.x), p.y);
  float tail = dot(q - vec2(0.0, 1.12), normalize(vec2(1.0, 0.62)));
  return min(head, max(tail, -(q.y - 0.18)));
}
float outside(vec2 p) {
  if (v_glyph < 0.5) return length(p) - 1.0;
  if (v_glyph < 1.5) return box(p, vec2(0.9), 0.28);
  if (v_glyph < 2.5) return pin(p);
  if (v_glyph < 3.5) return length(p) - 1.02;
  if (v_glyph < 4.5) return max(box(p, vec2(0.74, 1.0), 0.0), dot(p - vec2(0.52, -0.76), vec2(0.707, -0.707)));
  return (abs(p.x) + abs(p.y) - 1.06) * 0.707;
}
void main() {
  float far = outside(v_at), px = 1.0 / v_radius;
  #ifdef PICKING_MODE
  gl_FragColor = far > 2.0 * px ? vec4(0.0) : v_color;
  #else
  vec3 ink = v_color.rgb;
  if (v_glyph > 2.5 && v_glyph < 3.5) ink = mix(u_paper, ink, smoothstep(-0.36 - px, -0.36, far));
  ink = mix(ink, u_paper, smoothstep(-0.5 * px, 0.5 * px, far));
  float there = 1.0 - smoothstep(0.8 * px, 1.8 * px, far);
  gl_FragColor = vec4(ink * there, there);
  #endif
}`;

/** The order of the outlines in the program above. */
const GLYPHS = ['circle', 'square', 'pin', 'ring', 'sheet', 'diamond'];
const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16) / 255);

function glyphProgram({ NodeProgram, floatColor }) {
  return class extends NodeProgram {
    getDefinition() {
      const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
      return {
        VERTICES: 6, METHOD: TRIANGLES, VERTEX_SHADER_SOURCE: VERTEX, FRAGMENT_SHADER_SOURCE: FRAGMENT,
        UNIFORMS: ['u_sizeRatio', 'u_correctionRatio', 'u_matrix', 'u_paper', 'u_least'],
        ATTRIBUTES: [
          { name: 'a_position', size: 2, type: FLOAT }, { name: 'a_size', size: 1, type: FLOAT }, { name: 'a_glyph', size: 1, type: FLOAT },
          { name: 'a_color', size: 4, type: UNSIGNED_BYTE, normalized: true }, { name: 'a_id', size: 4, type: UNSIGNED_BYTE, normalized: true }],
        CONSTANT_ATTRIBUTES: [{ name: 'a_corner', size: 2, type: FLOAT }],
        CONSTANT_DATA: [[-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [-1, 1]],
      };
    }
    processVisibleItem(index, at, data) {
      this.array.set([data.x, data.y, data.size, data.glyph, floatColor(data.color), index], at);
    }
    setUniforms(params, { gl, uniformLocations: place }) {
      gl.uniform1f(place.u_sizeRatio, params.sizeRatio);
      gl.uniform1f(place.u_correctionRatio, params.correctionRatio);
      gl.uniformMatrix3fv(place.u_matrix, false, params.matrix);
      gl.uniform1f(place.u_least, LEAST);
      gl.uniform3fv(place.u_paper, rgb(paint.paper));
    }
  };
}
