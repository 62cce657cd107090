// vis-network draws nodes and lines: graphs up to some 1,500 nodes, and the backbone of larger ones without WebGL.

class VisSurface {
  large = false;

  constructor(host) {
    for (const node of D.nodes) Object.assign(node, { drawn: false, laid: { x: node.x, y: node.y } });
    this.points = new vis.DataSet(D.vis.nodes.map(point => {
      const node = D.nodes[point.id];
      Object.assign(node, { x: point.x, y: point.y, drawn: true });
      const ctxRenderer = ({ ctx, x, y }) => ({
        drawNode: () => { node.x = x; node.y = y; drawNode(ctx, node, x, y, radius(node, this.scale()), 1 / this.scale(), false); },
        nodeDimensions: { width: 2 * node.size, height: 2 * node.size },
      });
      return { ...point, label: undefined, ctxRenderer };
    }));
    this.lines = new vis.DataSet(D.vis.edges.map(({ from, to, id, width }) => {
      const edge = D.edges[id], bent = { enabled: true, type: edge.bend > 0 ? 'curvedCW' : 'curvedCCW', roundness: Math.abs(edge.bend) };
      edge.width = width;
      return { from, to, id, width, arrows: edge.kind.symmetric ? '' : 'to', dashes: edge.derived ? [5, 4] : false,
        color: this.tone(edge), smooth: edge.bend ? bent : false };
    }));
    sift();
    this.shownPoints = new vis.DataView(this.points, { filter: point => visible.nodes.has(point.id) });
    this.shownLines = new vis.DataView(this.lines, { filter: line => visible.edges.has(line.id) });
    this.network = new vis.Network(host, { nodes: this.shownPoints, edges: this.shownLines }, D.vis.options);
    host.querySelector('.vis-network').tabIndex = -1;  // #canvas takes the focus and the keys
    this.network.on('afterDrawing', () => drawOver());
    this.listen();
  }

  listen() {
    this.network.on('click', ({ nodes, edges }) => picked(nodes.length ? { node: nodes[0] } : edges.length ? { edge: edges[0] } : null));
    this.network.on('doubleClick', ({ nodes }) => { if (nodes.length) opened(); });
    for (const [event, key, value] of [['hoverNode', 'hover', 'node'], ['hoverEdge', 'hoverEdge', 'edge']]) {
      this.network.on(event, found => hovered(key, found[value]));
      this.network.on(event.replace('hover', 'blur'), () => hovered(key, null));
    }
    this.network.on('dragEnd', () => { placement.key = ''; });
  }

  /** Make way for another surface: the nodes go back to where the layout of the whole graph has them. */
  leave() {
    this.network.destroy();
    for (const node of D.nodes) Object.assign(node, node.laid, { drawn: true });
  }
  tone(edge) { return { color: edge.kind.color, opacity: opacityOf(edge), inherit: false }; }
  recolor() {
    this.lines.update(D.vis.edges.map(({ id }) => ({ id, color: this.tone(D.edges[id]) })));
  }
  refresh() {
    this.shownPoints.refresh();
    this.shownLines.refresh();
    this.network.redraw();
  }
  resized() { this.network.redraw(); }
  redraw() { this.network.redraw(); }
  scale() { return this.network ? this.network.getScale() : 1; }
  toScreen({ x, y }) { return this.network.canvasToDOM({ x, y }); }
  toGraph(point) { return this.network.DOMtoCanvas(point); }
  centre() { return this.network.getViewPosition(); }
  /** Bring a point of the graph to the centre of the canvas, moved by `offset` pixels. */
  moveTo(position, scale, offset = { x: 0, y: 0 }, still = calm()) {
    this.network.moveTo({ position, scale, offset, animation: still ? false : { duration: 420, easingFunction: 'easeInOutQuad' } });
  }
}
