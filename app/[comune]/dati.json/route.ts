import { publicFigures } from '#lib/figures/figures.queries.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { publicService } from '#lib/tariffs/public-service.queries.ts'
import { overPublicBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

/** Figures and state of the service as open data; null is a number too small to be shown. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) return Response.json({ errore: 'non trovato' }, { status: 404 })
  const refusal = overPublicBudget(request, await readWords())
  if (refusal) return refusal
  const [{ months, updatedAt }, service] = await Promise.all([
    publicFigures(municipality),
    publicService(municipality),
  ])
  const data = {
    municipalitySlug: municipality.name,
    gestore: municipality.operator.name,
    licenza: 'https://creativecommons.org/licenses/by/4.0/deed.it',
    aggiornato_al: updatedAt.toISOString(),
    servizio: {
      attivo: service !== null,
      nome: service?.name ?? null,
      anno_scolastico: service?.yearName ?? null,
      prezzo_pasto_centesimi: service?.priceCents ?? null,
      prossimo_prezzo: service?.nextPrice
        ? { dal: service.nextPrice.validFrom, centesimi: service.nextPrice.priceCents }
        : null,
      fasce: (service?.bands ?? []).map(({ code, name, priceCents }) => ({
        codice: code,
        nome: name,
        prezzo_pasto_centesimi: priceCents,
      })),
      scuole: (service?.schools ?? []).map((school) => ({
        nome: school.name,
        ordine: school.kind,
        giorni_settimana: school.weekdays,
        termine_disdetta: school.cutoffTime,
        dal: school.startsOn,
        al: school.endsOn,
      })),
    },
    mesi: months.map(({ month, meals, absent, schools }) => ({
      mese: month,
      pasti_serviti: meals,
      pasti_disdetti: absent,
      scuole: schools.map((row) => ({
        nome: row.schoolName,
        giorni_mensa: row.serviceDays,
        pasti_serviti: row.meals,
        pasti_disdetti: row.absent,
      })),
    })),
  }
  return Response.json(data, {
    headers: {
      'cache-control': 'public, max-age=60',
      'access-control-allow-origin': '*',
    },
  })
}
