/** Stands in, in the browser, for what only the server draws (components/ui/without-hydration.tsx). */
export default undefined
