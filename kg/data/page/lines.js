// Lines for WebGL, one program for all of them: straight or bent as vis-network bends them, dashed if derived, with an
// arrow head where the relation has a direction. A line is a strip of `pieces` quads, so that it costs what it covers.

const LINE_VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_from;
attribute vec2 a_to;
attribute float a_bend;
attribute float a_width;
attribute float a_reach;
attribute float a_kind;
attribute vec3 a_corner;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
uniform float u_least;
uniform float u_thin;
varying vec4 v_color;
varying float v_side;
varying float v_half;
varying float v_along;
void main() {
  float px = 2.0 * u_correctionRatio, scale = 1.0 / u_sizeRatio;
  vec2 way = a_to - a_from;
  float turn = a_bend * 1.5707963, far = 0.5 + 0.5 * abs(a_bend);
  vec2 middle = a_from + far * vec2(way.x * cos(turn) - way.y * sin(turn), way.x * sin(turn) + way.y * cos(turn));
  float last = length(a_to - middle);
  vec2 ahead = (a_to - middle) / max(last, 1e-9);
  float width = max(a_width * min(scale, 1.6), u_thin);
  float head = min(9.0, 4.5 + width) * min(1.0, 0.35 + scale);
  float reach = max(a_reach * scale, u_least + a_reach * ${MORE}) + 1.5;
  bool pointed = mod(a_kind, 2.0) > 0.5 && last > (reach + head) * px;
  vec2 tip = a_to - ahead * reach * px, neck = tip - ahead * head * px, end = pointed ? neck : a_to, at;
  v_half = 0.5 * width;
  #ifdef PICKING_MODE
  v_half = max(v_half, 4.0);
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= 255.0 / 254.0;
  if (a_corner.z > 0.5) {
    v_side = v_along = 0.0;
    v_half = 1.0;
    at = pointed ? mix(neck + vec2(-ahead.y, ahead.x) * a_corner.y * head * 0.42 * px, tip, a_corner.x) : a_to;
  } else {
    float t = a_corner.x, s = 1.0 - t;
    vec2 slope = s * (middle - a_from) + t * (end - middle);
    v_side = a_corner.y * (v_half + 1.0);
    at = s * s * a_from + 2.0 * s * t * middle + t * t * end + vec2(-slope.y, slope.x) / max(length(slope), 1e-9) * v_side * px;
    v_along = a_kind > 1.5 ? t * length(end - a_from) / px : 0.0;
  }
  gl_Position = vec4((u_matrix * vec3(at, 1)).xy, 0, 1);
}`;

const LINE_FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying float v_side;
varying float v_half;
varying float v_along;
void main() {
  #ifdef PICKING_MODE
  gl_FragColor = v_color;
  #else
  if (mod(v_along, 9.0) > 5.0) discard;
  float there = clamp(v_half + 0.5 - abs(v_side), 0.0, 1.0) * min(1.0, 2.0 * v_half) * v_color.a;
  gl_FragColor = vec4(v_color.rgb * there, there);
  #endif
}`;

/** Corners of a line in `pieces` and of its arrow head: share of the length, side, and whether it is the head's. */
function cornersOf(pieces) {
  const corners = [[0, -1, 1], [0, 1, 1], [1, 0, 1]];
  for (let i = 0; i < pieces; i++) {
    const [a, b] = [i / pieces, (i + 1) / pieces];
    corners.push([a, -1, 0], [b, -1, 0], [b, 1, 0], [a, -1, 0], [b, 1, 0], [a, 1, 0]);
  }
  return corners;
}

function lineProgram({ EdgeProgram, floatColor }, pieces) {
  const corners = cornersOf(pieces);
  return class extends EdgeProgram {
    getDefinition() {
      const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
      return {
        VERTICES: corners.length, METHOD: TRIANGLES, VERTEX_SHADER_SOURCE: LINE_VERTEX, FRAGMENT_SHADER_SOURCE: LINE_FRAGMENT,
        UNIFORMS: ['u_sizeRatio', 'u_correctionRatio', 'u_matrix', 'u_least', 'u_thin'],
        ATTRIBUTES: [
          { name: 'a_from', size: 2, type: FLOAT }, { name: 'a_to', size: 2, type: FLOAT }, { name: 'a_bend', size: 1, type: FLOAT },
          { name: 'a_width', size: 1, type: FLOAT }, { name: 'a_reach', size: 1, type: FLOAT }, { name: 'a_kind', size: 1, type: FLOAT },
          { name: 'a_color', size: 4, type: UNSIGNED_BYTE, normalized: true }, { name: 'a_id', size: 4, type: UNSIGNED_BYTE, normalized: true }],
        CONSTANT_ATTRIBUTES: [{ name: 'a_corner', size: 3, type: FLOAT }],
        CONSTANT_DATA: corners,
      };
    }
    processVisibleItem(index, at, from, to, data) {
      this.array.set([from.x, from.y, to.x, to.y, data.bend, data.size, to.size, data.kind, floatColor(data.color), index], at);
    }
    setUniforms(params, { gl, uniformLocations: place }) {
      gl.uniform1f(place.u_sizeRatio, params.sizeRatio);
      gl.uniform1f(place.u_correctionRatio, params.correctionRatio);
      gl.uniformMatrix3fv(place.u_matrix, false, params.matrix);
      gl.uniform1f(place.u_least, LEAST);
      gl.uniform1f(place.u_thin, THIN);
    }
  };
}
