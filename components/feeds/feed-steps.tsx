import { useWords } from '#words'

function Steps({ title, steps, note }: { title: string; steps: string[]; note?: string }) {
  return (
    <details className="border-b border-line py-2">
      <summary className="flex min-h-11 items-center font-semibold text-primary underline">{title}</summary>
      <ol className="grid list-decimal gap-1 py-2 ps-6">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {note && <p className="pb-2 text-sm text-muted">{note}</p>}
    </details>
  )
}

/** How an address becomes a calendar, on the three kinds that families have; with what each of them does not do. */
export function FeedSteps() {
  const t = useWords()
  return (
    <div className="max-w-3xl">
      <Steps
        title={t('Su iPhone e iPad')}
        steps={[
          t('Apri Calendario e tocca Calendari, in basso.'),
          t('Tocca Aggiungi calendario, poi Aggiungi calendario con iscrizione.'),
          t('Incolla l’indirizzo e tocca Iscriviti.'),
          t('Togli la spunta da Rimuovi avvisi, se vuoi l’avviso prima del termine.'),
        ]}
      />
      <Steps
        title={t('Con Google Calendar')}
        steps={[
          t('Da un computer apri calendar.google.com.'),
          t('Accanto ad Altri calendari premi il più, poi Da URL.'),
          t('Incolla l’indirizzo e premi Aggiungi calendario.'),
        ]}
        note={t(
          'Google rilegge il calendario anche solo una volta al giorno e non suona gli avvisi dei calendari aggiunti così: imposta tu una notifica, e per l’ultimo minuto guarda sempre il portale.',
        )}
      />
      <Steps
        title={t('Con Outlook')}
        steps={[
          t('Apri il calendario e premi Aggiungi calendario.'),
          t('Scegli Sottoscrivi dal Web.'),
          t('Incolla l’indirizzo, dai un nome e premi Importa.'),
        ]}
        note={t('Outlook rilegge il calendario ogni qualche ora.')}
      />
    </div>
  )
}
