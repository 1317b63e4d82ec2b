import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dayInRome } from '#lib/kernel/day.ts'
import { type AuditReport, type Exemption, type Finding, findingsOf, judgeFindings } from './lib/audit.ts'
import { Explained } from './lib/explain.ts'

/** Advisories that we have judged and live with for a while. */
const EXEMPTIONS = 'scripts/audit-exemptions.json'

/** What npm knows of the packages in the lock file. It ends with 1 when there is any advisory, and prints JSON all the same. */
function ask(...options: string[]): AuditReport {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--audit=true', ...options], { encoding: 'utf8' })
  const report = JSON.parse(stdout || '{}') as Partial<AuditReport> & { message?: string }
  if (report.vulnerabilities) return { vulnerabilities: report.vulnerabilities }
  throw new Explained(
    `Il registro di npm non ha risposto sulle vulnerabilità (${report.message ?? 'nessuna risposta'}): il controllo non è fatto. Riprova più tardi, o da una rete che lo raggiunge.`,
  )
}

const line = ({ advisory, packageName, severity, title, scope }: Finding): string =>
  `  ${severity.padEnd(8)} ${packageName} (${scope}): ${title}\n           ${advisory}`

/** Judges the known vulnerabilities of our dependencies by the policy of decision 0079. Not part of the gate: it asks the network. */
export async function main(): Promise<number> {
  const findings = findingsOf({ all: ask(), production: ask('--omit=dev') })
  const exemptions = JSON.parse(readFileSync(EXEMPTIONS, 'utf8')) as Exemption[]
  const { refused, exempted, stale } = judgeFindings(findings, exemptions, dayInRome(new Date()))
  if (exempted.length > 0) console.log(`Accettate per ora:\n${exempted.map(line).join('\n')}`)
  for (const { advisory, until } of stale)
    console.error(
      `L’eccezione per ${advisory} (fino al ${until}) è scaduta o non serve più: toglila da ${EXEMPTIONS}.`,
    )
  if (refused.length > 0) console.error(`Da correggere:\n${refused.map(line).join('\n')}`)
  if (refused.length + stale.length > 0) return 1
  console.log(`Nessuna vulnerabilità da correggere (${findings.length} note in tutto).`)
  return 0
}
