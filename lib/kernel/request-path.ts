/** The header in which proxy.ts tells a page its own address: Next gives it only to code in the browser. */
export const PATH_HEADER = 'x-refettorio-path'
