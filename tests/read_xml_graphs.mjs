// Reads a GraphML or GEXF file with graphology and prints its nodes and edges as JSON.
// usage: node read_xml_graphs.mjs FILE   (NODE_PATH: where graphology, graphology-gexf, graphology-graphml, jsdom are)
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.env.NODE_PATH + "/");
const { MultiDirectedGraph } = require("graphology");
const { JSDOM } = require("jsdom");
const file = process.argv[2];
const window = new JSDOM("").window;
for (const name of ["DOMParser", "Document", "XMLSerializer"]) globalThis[name] = window[name];
const { parse } = file.endsWith(".gexf") ? require("graphology-gexf/browser") : require("graphology-graphml/browser");
const graph = parse(MultiDirectedGraph, readFileSync(file, "utf8"));
console.log(JSON.stringify({
  nodes: graph.mapNodes((id, values) => [id, values]),
  edges: graph.mapEdges((id, values, source, target) => [id, source, target, values]),
}));
