// Every npm script starts here. Plain JavaScript for any Node, because an old one cannot even read the TypeScript behind it.
// Usage: node scripts/run.mjs <start|build|worker|web|check|test|database|town> [arguments]
const NEEDED = 24

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `Serve Node ${NEEDED} e questo è ${process.version}: esegui «npm ci» permettendo gli script di installazione (senza --ignore-scripts), che porta con sé quello giusto, poi usa i comandi npm (npm start, npm test).`,
  )
  process.exit(1)
}

const [name, ...rest] = process.argv.slice(2)
const { runScript } = await import('./lib/run-script.ts')
await runScript(name, rest)
