/**
 * The bench builds this folder as a copy under the system's temporary folder, beside a link to the project's node_modules:
 * within the checkout Next would take the project's own proxy for its own. Both must lie below the root.
 * @type {import('next').NextConfig}
 */
export default {
  poweredByHeader: false,
  compress: false,
  turbopack: { root: '/' },
}
