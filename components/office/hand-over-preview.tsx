import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { HandOverPreview } from '#lib/people/office/hand-over.ts'

/** The two presses of a form of the holder: the first shows what would happen, the second does it. */
export function HandOverPresses({
  preview,
  confirmLabel,
}: {
  preview: HandOverPreview | undefined
  confirmLabel: string
}) {
  return (
    <>
      <div>
        <SubmitButton
          look={preview ? 'secondary' : 'primary'}
          icon="eye"
          name="intent"
          value="preview"
          pendingLabel="Un momento…"
        >
          Mostra che cosa succederà
        </SubmitButton>
      </div>
      {preview && (
        <Notice title="Se confermi" headingLevel="h3" live>
          <ul className="list-disc ps-5">
            {preview.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <HiddenFields values={{ seen: preview.seen, after: preview.after }} />
          <p className="mt-4">
            <SubmitButton icon="circle-check" name="intent" value="confirm" pendingLabel="Un momento…">
              {confirmLabel}
            </SubmitButton>
          </p>
        </Notice>
      )}
    </>
  )
}
