/** @file Names of classes as Keras writes them in paths. */

/** `conv2d_transpose` of `Conv2DTranspose`, `p_re_lu` of `PReLU`: as `to_snake_case` of Keras's `utils/naming.py`. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
