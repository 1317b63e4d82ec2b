import { registerHooks } from 'node:module'

/**
 * The marker package `server-only` throws wherever no bundler tells server from client. This process is the server, and
 * may not take the condition `react-server` for it: Next's own pages run in it too.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'server-only'
      ? { url: 'data:text/javascript,', format: 'module', shortCircuit: true }
      : next(specifier, context),
})
