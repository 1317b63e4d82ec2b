/** What a form of these pages did, by the code that the page after it is opened with. */
export const MENU_DONE: Readonly<Record<string, string>> = {
  salvato: 'Salvato',
  tolto: 'Piatto tolto dall’elenco',
  copiata: 'Settimana copiata',
  importato: 'Righe importate',
  pubblicato: 'Menù pubblicato: le famiglie lo vedono già',
  ritirato: 'Menù ritirato: le famiglie non lo vedono più',
  annunciato: 'Cambio annunciato: le famiglie lo vedono già nel menù',
  annullato: 'Cambio annullato: torna il piatto previsto',
}
