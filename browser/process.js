/** All of Node's `process` that browser code asks for: variables that were not replaced at build time, of which there are none. */
export const env = {}
