/** What each sealed column is sealed for. A value opens in its own column only. */
export const PURPOSES = {
  document: 'form-document',
  invitedCode: 'invited-fiscal-code',
  interruptedForm: 'interrupted-form',
  revokedToken: 'token-revocation',
} as const

type SealedColumn = {
  table: 'form_document' | 'delegate_invitation' | 'interrupted_form' | 'token_revocation'
  column: 'content' | 'fiscal_code_sealed' | 'sealed'
  purpose: (typeof PURPOSES)[keyof typeof PURPOSES]
  /** A condition in SQL for the rows from before the column was sealed. */
  isPlain?: string
}

/** Every column that is sealed: those of `npm run db:reseal`. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'form_document',
    column: 'content',
    purpose: PURPOSES.document,
    isPlain: 'octet_length(content) = size',
  },
  { table: 'delegate_invitation', column: 'fiscal_code_sealed', purpose: PURPOSES.invitedCode },
  { table: 'interrupted_form', column: 'sealed', purpose: PURPOSES.interruptedForm },
  { table: 'token_revocation', column: 'sealed', purpose: PURPOSES.revokedToken },
]
