/** What a form of these pages did, by the code that the page after it is opened with. */
export const TARIFF_DONE: Readonly<Record<string, string>> = {
  prezzo: 'Prezzo deciso: le famiglie lo leggono già',
  annullato: 'Prezzo annullato: resta quello di prima',
  creata: 'Fascia creata',
  salvata: 'Fascia salvata',
  chiusa: 'Fascia chiusa: chi ce l’ha la tiene fino alla scadenza',
  riaperta: 'Fascia riaperta: si può dare di nuovo',
  data: 'Fascia data: la famiglia è avvisata',
  regola: 'Fascia data a chi spetta: le famiglie sono avvisate',
  finita: 'Prezzo intero da quel giorno: la famiglia è avvisata',
}
