// What the page needs of sigma and graphology; bundle.sh makes one script of it that defines `kgSigma`.
export { MultiDirectedGraph } from 'graphology';
export { default as Sigma } from 'sigma';
export { NodeProgram, EdgeRectangleProgram, createEdgeArrowProgram } from 'sigma/rendering';
export { floatColor } from 'sigma/utils';
export { createEdgeCurveProgram } from '@sigma/edge-curve';
