// What the page needs of sigma and graphology; bundle.sh makes one script of it that defines `kgSigma`.
export { MultiDirectedGraph } from 'graphology';
export { default as Sigma } from 'sigma';
export { NodeProgram, EdgeProgram } from 'sigma/rendering';
export { floatColor } from 'sigma/utils';
