import { Icon } from '#components/ui/icon.tsx'
import { type AccessibilityFinding, findingInWords, isBlocking } from '#lib/publishing/accessibility.ts'

/** What the accessibility check found in the saved version: what stops the publication first, then advice. */
export function Findings({ findings }: { findings: readonly AccessibilityFinding[] }) {
  if (findings.length === 0)
    return (
      <p className="flex items-start gap-2 font-semibold text-success">
        <Icon name="circle-check" className="mt-0.5" /> Tutti possono leggerlo: nessun problema trovato.
      </p>
    )
  const sorted = [...findings].sort((a, b) => Number(isBlocking(b)) - Number(isBlocking(a)))
  return (
    <ul className="grid gap-3">
      {sorted.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same finding can occur twice; the list is drawn once.
        <li key={index} className="flex items-start gap-2">
          <Icon
            name={isBlocking(finding) ? 'circle-alert' : 'info'}
            className={`mt-0.5 ${isBlocking(finding) ? 'text-danger' : 'text-info'}`}
            label={isBlocking(finding) ? 'Da correggere' : 'Consiglio'}
          />
          <span>
            {findingInWords(finding)}
            {finding.quote && <q className="block text-sm break-words text-muted">{finding.quote}</q>}
          </span>
        </li>
      ))}
    </ul>
  )
}
