// sigma draws nodes and lines of large graphs by WebGL. It has the same methods as VisSurface.

/** How this machine draws by WebGL: `fast`, `slow` (in software, without a graphics card), or not at all (empty). */
function webgl() {
  const canvas = el('canvas'), context = canvas.getContext('webgl2') || canvas.getContext('webgl');
  if (!context) return '';
  let renderer = context.getParameter(context.RENDERER);
  const info = /webkit/i.test(renderer) && context.getExtension('WEBGL_debug_renderer_info');  // else it is plainly said
  if (info) renderer = context.getParameter(info.UNMASKED_RENDERER_WEBGL);
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer) ? 'slow' : 'fast';
}

/** A colour laid thinly upon the paper: lines that cross don't add up. */
function blend(hex, opacity) {
  const [a, b] = [rgb(hex), rgb(paint.paper)];
  return '#' + a.map((value, i) => Math.round(255 * (value * opacity + b[i] * (1 - opacity))).toString(16).padStart(2, '0')).join('');
}

class SigmaSurface {
  large = true;

  constructor(host) {
    this.graph = new kgSigma.MultiDirectedGraph();
    for (const node of D.nodes) this.graph.addNode(node.id, { x: node.x, y: -node.y, size: node.size, color: node.type.color,
      glyph: Math.max(0, GLYPHS.indexOf(node.type.glyph)) });
    for (const edge of D.edges) this.graph.addEdgeWithKey(edge.id, edge.source, edge.target, { size: edge.width, color: this.tone(edge),
      bend: edge.bend, kind: (edge.kind.symmetric ? 0 : 1) + (edge.derived ? 2 : 0), type: edge.bend ? 'curve' : 'line' });
    sift();
    this.sigma = new kgSigma.Sigma(this.graph, host, this.settings());
    this.sigma.setCustomBBox(this.sigma.getBBox());  // so that what is filtered doesn't move the rest
    this.sigma.on('afterRender', () => drawOver());
    this.listen();
  }

  settings() {
    return {
      renderLabels: false, enableEdgeEvents: true, hideEdgesOnMove: D.edges.length > 20000, zIndex: false, allowInvalidContainer: true,
      itemSizesReference: 'positions', zoomToSizeRatioFunction: ratio => ratio,
      minCameraRatio: 0.002, maxCameraRatio: 4, defaultNodeType: 'glyph', defaultEdgeType: 'line', defaultDrawNodeHover: () => {},
      nodeProgramClasses: { glyph: glyphProgram(kgSigma) }, nodeHoverProgramClasses: { glyph: glyphProgram(kgSigma) },
      edgeProgramClasses: { line: lineProgram(kgSigma, 1), curve: lineProgram(kgSigma, 10) },
      nodeReducer: (id, data) => visible.nodes.has(+id) ? data : { ...data, hidden: true },
      edgeReducer: (id, data) => visible.edges.has(+id) ? data : { ...data, hidden: true },
    };
  }

  listen() {
    const { sigma } = this;
    sigma.on('clickNode', ({ node }) => picked({ node: +node }));
    sigma.on('clickEdge', ({ edge }) => picked({ edge: +edge }));
    sigma.on('clickStage', () => picked(null));
    sigma.on('doubleClickNode', event => { event.preventSigmaDefault(); picked({ node: +event.node }); opened(); });
    for (const [key, kind] of [['hover', 'Node'], ['hoverEdge', 'Edge']]) {
      sigma.on('enter' + kind, found => hovered(key, +found[kind.toLowerCase()]));
      sigma.on('leave' + kind, () => hovered(key, null));
    }
  }

  tone(edge) { return blend(edge.kind.color, opacityOf(edge)); }
  recolor() {
    this.graph.updateEachEdgeAttributes((id, data) => ({ ...data, color: this.tone(D.edges[id]) }), { attributes: ['color'] });
  }
  refresh() {
    this.graph.updateEachNodeAttributes((id, data) => ({ ...data, size: D.nodes[id].size }), { attributes: ['size'] });
    this.sigma.refresh();
  }
  resized() { this.sigma.resize(); this.sigma.scheduleRender(); }
  redraw() { drawOver(); }
  scale() { return this.sigma.scaleSize(); }
  toScreen({ x, y }) { return this.sigma.graphToViewport({ x, y: -y }); }
  toGraph(point) { const { x, y } = this.sigma.viewportToGraph(point); return { x, y: -y }; }
  centre() { return this.toGraph({ x: $('canvas').clientWidth / 2, y: $('canvas').clientHeight / 2 }); }

  moveTo(position, scale, offset = { x: 0, y: 0 }, still = calm()) {
    const camera = this.sigma.getCamera(), ratio = camera.ratio * this.scale() / scale;
    const aim = { x: position.x - offset.x / scale, y: position.y - offset.y / scale };
    const state = { ...this.sigma.viewportToFramedGraph(this.toScreen(aim)), ratio, angle: 0 };
    if (still) { camera.setState(state); this.sigma.refresh({ skipIndexation: true }); } else camera.animate(state, { duration: 420 });
  }
}
