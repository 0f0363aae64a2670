/** @file What charts are drawn into, in words of its own: whoever takes the library's types needs none of a chart library's. */

/** The little of a document that drawing a chart asks for: a browser's has it, and one without a browser. */
export interface ChartDocument {
  createElementNS(namespace: string, name: string): ChartElement;
}

interface ChartElement {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}
