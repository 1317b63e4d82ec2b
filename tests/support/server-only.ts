// Stands in for the package `server-only`, which throws wherever there is no React Server bundler.
export {}
