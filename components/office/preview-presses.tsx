import type { ComponentProps, ReactNode } from 'react'
import { Answer } from '#components/ui/answer.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'

type HeadingLevel = Pick<ComponentProps<typeof Notice>, 'headingLevel'>

/** What the first press answered: what would happen, and unseen what the second press is bound to. */
export function Consequences({
  lines,
  seen,
  children,
  ...heading
}: {
  lines: readonly string[]
  seen: ComponentProps<typeof HiddenFields>['values']
  children?: ReactNode
} & HeadingLevel) {
  return (
    <Answer said={JSON.stringify(seen)}>
      <Notice title="Se confermi" {...heading} live>
        <ul className="list-disc ps-5">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <HiddenFields values={seen} />
        {children}
      </Notice>
    </Answer>
  )
}

/** The two presses of a decision: the first shows what would happen, the second does it. */
export function PreviewPresses({
  preview,
  confirmLabel,
  ...heading
}: {
  preview: { lines: readonly string[]; seen: string; after: string } | null | undefined
  confirmLabel: string
} & HeadingLevel) {
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
        <Consequences lines={preview.lines} seen={{ seen: preview.seen, after: preview.after }} {...heading}>
          <p className="mt-4">
            <SubmitButton icon="circle-check" name="intent" value="confirm" pendingLabel="Un momento…">
              {confirmLabel}
            </SubmitButton>
          </p>
        </Consequences>
      )}
    </>
  )
}

/** The same two presses side by side, below what the first one answered. `mayConfirm`: what was shown may be done. */
export function PressesInRow({
  isShown,
  mayConfirm = isShown,
  confirmLabel,
  previewLabel,
}: {
  isShown: boolean
  mayConfirm?: boolean
  confirmLabel: string
  previewLabel: string
}) {
  return (
    <div className="flex flex-wrap gap-3">
      {mayConfirm && (
        <SubmitButton icon="circle-check" name="intent" value="confirm" pendingLabel="Un momento…">
          {confirmLabel}
        </SubmitButton>
      )}
      <SubmitButton
        look={mayConfirm ? 'secondary' : 'primary'}
        icon="eye"
        name="intent"
        value="preview"
        pendingLabel="Un momento…"
      >
        {isShown ? 'Aggiorna l’anteprima' : previewLabel}
      </SubmitButton>
    </div>
  )
}
