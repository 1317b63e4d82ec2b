import { Notice } from '#components/ui/notice.tsx'

/** Tells a person who works on money that payments wait in their list. */
export function PaymentsToSettleNotice({ path, count }: { path: string; count: number }) {
  if (count === 0) return null
  return (
    <div className="mb-6">
      <Notice
        kind="warning"
        title={count === 1 ? 'Un pagamento è da sistemare' : `${count} pagamenti sono da sistemare`}
      >
        <a href={path}>Guarda che cosa è successo</a>
      </Notice>
    </div>
  )
}
