/** Stands in for what every browser that we support brings by itself. */
export {}
