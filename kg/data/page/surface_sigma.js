// sigma draws nodes and lines of large graphs by WebGL. It has the same methods as VisSurface.

/** Whether this machine can: the page holds sigma, and there is WebGL. */
function canSigma() {
  if (!D.large || typeof kgSigma === 'undefined') return false;
  const canvas = el('canvas'), context = canvas.getContext('webgl2') || canvas.getContext('webgl');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return !!context;
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
      curvature: edge.bend * 0.8, type: (edge.bend ? 'curve' : 'line') + (edge.kind.symmetric ? '' : 'Arrow') });
    sift();
    this.sigma = new kgSigma.Sigma(this.graph, host, this.settings());
    this.sigma.setCustomBBox(this.sigma.getBBox());  // so that what is filtered doesn't move the rest
    this.sigma.on('afterRender', () => drawOver());
    this.listen();
  }

  settings() {
    const arrow = { extremity: 'target', lengthToThicknessRatio: 3.6, widenessToThicknessRatio: 2.6 };
    return {
      renderLabels: false, enableEdgeEvents: true, hideEdgesOnMove: D.edges.length > 20000, zIndex: false, allowInvalidContainer: true,
      itemSizesReference: 'positions', zoomToSizeRatioFunction: ratio => ratio, minEdgeThickness: D.edges.length < 12000 ? 1.5 : 1, antiAliasingFeather: 0.8,
      minCameraRatio: 0.002, maxCameraRatio: 4, defaultNodeType: 'glyph', defaultEdgeType: 'line', defaultDrawNodeHover: () => {},
      nodeProgramClasses: { glyph: glyphProgram(kgSigma) }, nodeHoverProgramClasses: { glyph: glyphProgram(kgSigma) },
      edgeProgramClasses: { line: kgSigma.EdgeRectangleProgram, lineArrow: this.straightArrow(arrow),
        curve: kgSigma.createEdgeCurveProgram({ arrowHead: null }), curveArrow: kgSigma.createEdgeCurveProgram({ arrowHead: arrow }) },
      nodeReducer: (id, data) => visible.nodes.has(+id) ? data : { ...data, hidden: true },
      edgeReducer: (id, data) => visible.edges.has(+id) ? data : { ...data, hidden: true },
    };
  }
  straightArrow(arrow) { return kgSigma.createEdgeArrowProgram(arrow); }

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
