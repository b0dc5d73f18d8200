/** All that the page says, a row for each sentence and a column for each language. */

import { toMilliseconds } from '../verify';

export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', nl: 'Nederlands' } as const;
export type Language = keyof typeof LANGUAGES;
type Row = readonly [en: string, de: string, fr: string, es: string, nl: string];

const ORDER = Object.keys(LANGUAGES) as Language[];

// prettier-ignore
const TABLE = {
  // The page
  title: ['Check a proof', 'Einen Beweis prüfen', 'Vérifier une preuve', 'Comprobar una prueba', 'Een bewijs controleren'],
  lead: [
    'Somebody gave you readings of a sensor, in a file that is to prove them. See here what it proves, and what it does not.',
    'Jemand hat Ihnen Messwerte gegeben, in einer Datei, die sie beweisen soll. Hier sehen Sie, was sie beweist und was nicht.',
    'On vous a remis les relevés d’un capteur, dans un fichier censé les prouver. Voyez ici ce qu’il prouve, et ce qu’il ne prouve pas.',
    'Alguien le ha dado lecturas de un sensor en un archivo que debe probarlas. Vea aquí qué prueba y qué no.',
    'Iemand gaf u metingen van een sensor, in een bestand dat ze moet bewijzen. Zie hier wat het bewijst en wat niet.',
  ],
  language: ['Language', 'Sprache', 'Langue', 'Idioma', 'Taal'],
  drop: ['Drop the file here', 'Datei hier ablegen', 'Déposez le fichier ici', 'Suelte el archivo aquí', 'Sleep het bestand hierheen'],
  choose: ['Choose a file', 'Datei wählen', 'Choisir un fichier', 'Elegir un archivo', 'Kies een bestand'],
  or: ['or', 'oder', 'ou', 'o', 'of'],
  stays: [
    'It stays on this device. Nothing is sent anywhere.', 'Sie bleibt auf diesem Gerät. Nichts wird irgendwohin gesendet.',
    'Il reste sur cet appareil. Rien n’est envoyé nulle part.', 'Se queda en este dispositivo. No se envía nada a ninguna parte.', 'Het blijft op dit apparaat. Er wordt niets verstuurd.',
  ],
  another: ['Check another file', 'Andere Datei prüfen', 'Vérifier un autre fichier', 'Comprobar otro archivo', 'Ander bestand controleren'],
  compare: ['Compare with a second file', 'Mit einer zweiten Datei vergleichen', 'Comparer avec un second fichier', 'Comparar con un segundo archivo', 'Vergelijken met een tweede bestand'],
  checking: ['Checking …', 'Wird geprüft …', 'Vérification …', 'Comprobando …', 'Bezig met controleren …'],
  checked_so_far: ['{n} readings checked', '{n} Messwerte geprüft', '{n} relevés vérifiés', '{n} lecturas comprobadas', '{n} metingen gecontroleerd'],
  stop: ['Stop', 'Abbrechen', 'Arrêter', 'Detener', 'Stoppen'],

  // The outcome
  genuine: ['Genuine', 'Echt', 'Authentique', 'Auténtico', 'Echt'],
  genuine_alone: ['Genuine in itself', 'In sich echt', 'Authentique en soi', 'Auténtico en sí', 'Op zichzelf echt'],
  not_genuine: ['Not genuine', 'Nicht echt', 'Pas authentique', 'No es auténtico', 'Niet echt'],
  undecided: ['Could not tell', 'Nicht zu entscheiden', 'Impossible à dire', 'No se puede decir', 'Niet vast te stellen'],
  in_part: ['Proved in part', 'Teilweise bewiesen', 'Prouvé en partie', 'Probado en parte', 'Gedeeltelijk bewezen'],
  says_genuine: [
    'None of these readings was changed, and all of them existed no later than {time}.', 'Keiner dieser Messwerte wurde verändert, und alle gab es spätestens {time}.',
    'Aucun de ces relevés n’a été modifié, et tous existaient au plus tard le {time}.', 'Ninguna de estas lecturas fue modificada, y todas existían a más tardar el {time}.', 'Geen van deze metingen is gewijzigd, en alle bestonden uiterlijk {time}.',
  ],
  says_genuine_now: [
    'None of these readings was changed, and a ledger holds all of them now.', 'Keiner dieser Messwerte wurde verändert, und ein Ledger hält sie jetzt alle fest.',
    'Aucun de ces relevés n’a été modifié, et un registre les détient tous à présent.', 'Ninguna de estas lecturas fue modificada, y un libro mayor las contiene todas ahora.', 'Geen van deze metingen is gewijzigd, en een grootboek bevat ze nu allemaal.',
  ],
  says_genuine_alone: [
    'Everything in this file fits together and is signed by its log. Since when the readings exist, only a ledger can tell.',
    'Alles in dieser Datei passt zusammen und ist von ihrem Log signiert. Seit wann es die Messwerte gibt, kann nur ein Ledger sagen.',
    'Tout dans ce fichier concorde et est signé par son journal. Seul un registre peut dire depuis quand les relevés existent.',
    'Todo en este archivo concuerda y está firmado por su registro. Solo un libro mayor puede decir desde cuándo existen las lecturas.',
    'Alles in dit bestand klopt en is ondertekend door zijn log. Sinds wanneer de metingen bestaan, kan alleen een grootboek zeggen.',
  ],
  says_in_part: [
    'A ledger proves {proved} of {n} readings. Of the others it is not known since when they exist.', 'Ein Ledger beweist {proved} von {n} Messwerten. Von den anderen ist nicht bekannt, seit wann es sie gibt.',
    'Un registre prouve {proved} relevés sur {n}. Pour les autres, on ignore depuis quand ils existent.', 'Un libro mayor prueba {proved} de {n} lecturas. De las demás no se sabe desde cuándo existen.', 'Een grootboek bewijst {proved} van {n} metingen. Van de andere is niet bekend sinds wanneer ze bestaan.',
  ],
  says_undecided: [
    'The file fits together, but no ledger was found that proves since when its readings exist.', 'Die Datei passt zusammen, aber kein Ledger beweist, seit wann es ihre Messwerte gibt.',
    'Le fichier concorde, mais aucun registre ne prouve depuis quand ses relevés existent.', 'El archivo concuerda, pero ningún libro mayor prueba desde cuándo existen sus lecturas.', 'Het bestand klopt, maar geen grootboek bewijst sinds wanneer de metingen bestaan.',
  ],
  on_trial: ['Only on a trial network', 'Nur auf einem Probenetz', 'Seulement sur un réseau d’essai', 'Solo en una red de ensayo', 'Alleen op een proefnetwerk'],
  says_on_trial: [
    'None of these readings was changed. But only a trial network holds them, and that proves to nobody else since when they exist.',
    'Keiner dieser Messwerte wurde verändert. Aber nur ein Probenetz hält sie fest, und das beweist niemand anderem, seit wann es sie gibt.',
    'Aucun de ces relevés n’a été modifié. Mais seul un réseau d’essai les détient, et cela ne prouve à personne d’autre depuis quand ils existent.',
    'Ninguna de estas lecturas fue modificada. Pero solo una red de ensayo las contiene, y eso no prueba a nadie más desde cuándo existen.',
    'Geen van deze metingen is gewijzigd. Maar alleen een proefnetwerk bevat ze, en dat bewijst niemand anders sinds wanneer ze bestaan.',
  ],
  nothing_shown: [
    'Nothing of what is in it is shown here: none of it can be relied on.', 'Von seinem Inhalt wird hier nichts gezeigt: Nichts davon ist verlässlich.',
    'Rien de son contenu n’est montré ici : on ne peut se fier à rien.', 'No se muestra nada de su contenido: nada de él es fiable.', 'Niets van de inhoud wordt hier getoond: er is niets van te vertrouwen.',
  ],
  line: ['Line {line} of the file.', 'Zeile {line} der Datei.', 'Ligne {line} du fichier.', 'Línea {line} del archivo.', 'Regel {line} van het bestand.'],
  why_malformed: [
    'It was changed, is damaged, or never was a proof: it is not written as every proof is.', 'Sie wurde verändert, ist beschädigt oder war nie ein Beweis: Sie ist nicht so geschrieben wie jeder Beweis.',
    'Il a été modifié, est endommagé ou n’a jamais été une preuve : il n’est pas écrit comme toute preuve l’est.', 'Fue modificado, está dañado o nunca fue una prueba: no está escrito como toda prueba.', 'Het is gewijzigd, beschadigd of was nooit een bewijs: het is niet geschreven zoals elk bewijs.',
  ],
  why_signature: [
    'It is not what its log has signed: something in it was changed afterwards, or somebody else made it.', 'Sie ist nicht, was ihr Log signiert hat: Etwas wurde nachträglich verändert, oder jemand anders hat sie gemacht.',
    'Ce n’est pas ce que son journal a signé : quelque chose a été modifié après coup, ou quelqu’un d’autre l’a fait.', 'No es lo que firmó su registro: algo se cambió después, o lo hizo otra persona.', 'Het is niet wat zijn log ondertekende: er is achteraf iets gewijzigd, of iemand anders heeft het gemaakt.',
  ],
  why_proof: [
    'A reading or checkpoint in it is not the one in the log: it was changed, or put in from elsewhere.', 'Ein Messwert oder Checkpoint darin ist nicht der aus dem Log: Er wurde verändert oder stammt von anderswo.',
    'Un relevé ou un point de contrôle n’est pas celui du journal : il a été modifié ou vient d’ailleurs.', 'Una lectura o un punto de control no es el del registro: fue modificado o viene de otra parte.', 'Een meting of checkpoint is niet die uit het log: er is iets gewijzigd of het komt ergens anders vandaan.',
  ],
  why_readings_missing: [
    'It claims to be whole, but readings are missing in between: {n}.', 'Sie behauptet vollständig zu sein, aber dazwischen fehlen Messwerte: {n}.',
    'Il se prétend complet, mais des relevés manquent entre les autres : {n}.', 'Afirma estar completo, pero faltan lecturas entre medias: {n}.', 'Het beweert volledig te zijn, maar er ontbreken tussendoor metingen: {n}.',
  ],
  why_other_key: [
    'It is signed with another key than the one that you were given.', 'Sie ist mit einem anderen Schlüssel signiert als dem, den Sie bekommen haben.',
    'Il est signé par une autre clé que celle qui vous a été donnée.', 'Está firmado con otra clave que la que le dieron.', 'Het is ondertekend met een andere sleutel dan die u kreeg.',
  ],
  why_anchor_refuted: [
    'It says that a ledger holds it, and that ledger holds no such thing.', 'Sie sagt, ein Ledger halte sie fest, und dieses Ledger hält nichts dergleichen.',
    'Il dit qu’un registre le détient, et ce registre ne détient rien de tel.', 'Dice que un libro mayor lo contiene, y ese libro mayor no contiene tal cosa.', 'Het zegt dat een grootboek het bevat, en dat grootboek bevat niets van dien aard.',
  ],
  why_unknown_format: [
    'It is of a newer form than this page knows. Get a newer page.', 'Sie hat eine neuere Form, als diese Seite kennt. Nehmen Sie eine neuere Seite.',
    'Il est d’une forme plus récente que celle que connaît cette page. Prenez une page plus récente.', 'Es de una forma más nueva que la que conoce esta página. Use una página más nueva.', 'Het heeft een nieuwere vorm dan deze pagina kent. Neem een nieuwere pagina.',
  ],
  why_unreadable: [
    'The file could not be read. Choose it again.', 'Die Datei konnte nicht gelesen werden. Wählen Sie sie noch einmal.', 'Le fichier n’a pas pu être lu. Choisissez-le à nouveau.', 'No se pudo leer el archivo. Elíjalo de nuevo.', 'Het bestand kon niet worden gelezen. Kies het opnieuw.',
  ],

  // What is shown
  shown: ['What was checked', 'Was geprüft wurde', 'Ce qui a été vérifié', 'Qué se comprobó', 'Wat is gecontroleerd'],
  ok: ['holds', 'stimmt', 'juste', 'correcto', 'klopt'],
  bad: ['does not hold', 'stimmt nicht', 'faux', 'incorrecto', 'klopt niet'],
  open: ['not checked', 'nicht geprüft', 'non vérifié', 'sin comprobar', 'niet gecontroleerd'],
  step_form: ['Written as a proof is written', 'Geschrieben wie ein Beweis', 'Écrit comme une preuve', 'Escrito como una prueba', 'Geschreven als een bewijs'],
  step_signature: ['Signed by the log’s key {key}', 'Signiert mit dem Schlüssel {key} des Logs', 'Signé par la clé {key} du journal', 'Firmado con la clave {key} del registro', 'Ondertekend met sleutel {key} van het log'],
  step_readings: [
    'Each reading is one of the {size} in the log, unchanged', 'Jeder Messwert ist einer der {size} im Log, unverändert', 'Chaque relevé est l’un des {size} du journal, inchangé', 'Cada lectura es una de las {size} del registro, sin cambios', 'Elke meting is een van de {size} in het log, ongewijzigd',
  ],
  step_whole: ['Nothing was left out in between', 'Dazwischen wurde nichts weggelassen', 'Rien n’a été omis entre les relevés', 'No se omitió nada entre medias', 'Er is tussendoor niets weggelaten'],
  step_partial: [
    'Readings were left out on purpose, and it says so: {n}', 'Messwerte wurden absichtlich weggelassen, und das steht darin: {n}', 'Des relevés ont été omis exprès, et c’est indiqué : {n}', 'Se omitieron lecturas a propósito, y así consta: {n}', 'Er zijn bewust metingen weggelaten, en dat staat erin: {n}',
  ],
  step_ledger: ['A ledger holds the log', 'Ein Ledger hält das Log fest', 'Un registre détient le journal', 'Un libro mayor contiene el registro', 'Een grootboek bevat het log'],

  step_trial: ['Only a trial network holds the log', 'Nur ein Probenetz hält das Log fest', 'Seul un réseau d’essai détient le journal', 'Solo una red de ensayo contiene el registro', 'Alleen een proefnetwerk bevat het log'],

  // Ledgers
  trial: ['trial network', 'Probenetz', 'réseau d’essai', 'red de ensayo', 'proefnetwerk'],
  trial_why: [
    'A trial network is one for tests, a private one, or one that this page does not know. Its blocks cost nothing, and whoever runs it can make all of it anew, with any time.',
    'Ein Probenetz ist eines für Tests, ein privates oder eines, das diese Seite nicht kennt. Seine Blöcke kosten nichts, und wer es betreibt, kann alles darin neu machen, mit jeder Zeit.',
    'Un réseau d’essai est un réseau de test, un réseau privé ou un réseau que cette page ne connaît pas. Ses blocs ne coûtent rien, et qui l’exploite peut tout y refaire, avec n’importe quelle heure.',
    'Una red de ensayo es una para pruebas, una privada o una que esta página no conoce. Sus bloques no cuestan nada, y quien la opera puede rehacerlo todo, con cualquier hora.',
    'Een proefnetwerk is er een voor tests, een privénetwerk of een dat deze pagina niet kent. De blokken kosten niets, en wie het beheert kan alles opnieuw maken, met elke tijd.',
  ],
  since: ['Since when', 'Seit wann', 'Depuis quand', 'Desde cuándo', 'Sinds wanneer'],
  since_why: [
    'A log’s owner could have made and signed all of this today. A ledger is kept by others: what stands there existed at that time.',
    'Der Besitzer des Logs könnte all dies heute gemacht und signiert haben. Ein Ledger führen andere: Was dort steht, gab es zu dieser Zeit.',
    'Le propriétaire du journal aurait pu faire et signer tout cela aujourd’hui. Un registre est tenu par d’autres : ce qui s’y trouve existait à ce moment.',
    'El dueño del registro podría haber hecho y firmado todo esto hoy. Un libro mayor lo llevan otros: lo que está allí existía en ese momento.',
    'De eigenaar van het log had dit alles vandaag kunnen maken en ondertekenen. Een grootboek wordt door anderen bijgehouden: wat daar staat, bestond toen.',
  ],
  no_anchor: ['No ledger holds any of it, says the file itself.', 'Kein Ledger hält etwas davon fest, sagt die Datei selbst.', 'Aucun registre n’en détient rien, dit le fichier lui-même.', 'Ningún libro mayor contiene nada de ello, dice el propio archivo.', 'Geen grootboek bevat er iets van, zegt het bestand zelf.'],
  ask: ['Ask the ledger', 'Ledger fragen', 'Interroger le registre', 'Preguntar al libro mayor', 'Vraag het grootboek'],
  asks: [
    'This asks {nodes}, which learns your internet address and which transactions you ask for.', 'Dies fragt {nodes}; dort erfährt man Ihre Internetadresse und nach welchen Transaktionen Sie fragen.',
    'Ceci interroge {nodes}, qui apprend votre adresse internet et les transactions demandées.', 'Esto pregunta a {nodes}, que conocerá su dirección de internet y las transacciones por las que pregunta.', 'Dit vraagt {nodes}, die uw internetadres en de gevraagde transacties te weten komt.',
  ],
  asking: ['Asking … {done} of {n}', 'Frage … {done} von {n}', 'Interrogation … {done} sur {n}', 'Preguntando … {done} de {n}', 'Bezig met vragen … {done} van {n}'],
  cannot_ask: [
    'This page cannot ask this ledger. The program scripts/verify can.', 'Diese Seite kann dieses Ledger nicht fragen. Das Programm scripts/verify kann es.', 'Cette page ne sait pas interroger ce registre. Le programme scripts/verify le sait.', 'Esta página no puede preguntar a este libro mayor. El programa scripts/verify sí.', 'Deze pagina kan dit grootboek niet vragen. Het programma scripts/verify kan dat wel.',
  ],
  unreachable: [
    'It could not be asked from this page: it does not answer, or does not let web pages ask. The program scripts/verify may still reach it.',
    'Von dieser Seite aus war es nicht zu fragen: Es antwortet nicht oder lässt Webseiten nicht fragen. Das Programm scripts/verify erreicht es vielleicht.',
    'Impossible à interroger depuis cette page : il ne répond pas ou refuse les pages web. Le programme scripts/verify y parviendra peut-être.',
    'No se pudo preguntar desde esta página: no responde o no admite páginas web. El programa scripts/verify quizá pueda.',
    'Vanaf deze pagina niet te vragen: het antwoordt niet of staat webpagina’s niet toe. Het programma scripts/verify kan het misschien wel.',
  ],
  claims: [
    'is said to hold the log’s first {size} readings, since {time}', 'soll die ersten {size} Messwerte des Logs festhalten, seit {time}', 'détiendrait les {size} premiers relevés du journal, depuis le {time}', 'contendría las primeras {size} lecturas del registro, desde el {time}', 'zou de eerste {size} metingen van het log bevatten, sinds {time}',
  ],
  claims_no_time: [
    'is said to be about to hold the log’s first {size} readings', 'soll die ersten {size} Messwerte des Logs bald festhalten', 'détiendrait bientôt les {size} premiers relevés du journal', 'contendría pronto las primeras {size} lecturas del registro', 'zou binnenkort de eerste {size} metingen van het log bevatten',
  ],
  holds: [
    'holds the log’s first {size} readings, since {time} at the latest', 'hält die ersten {size} Messwerte des Logs fest, spätestens seit {time}', 'détient les {size} premiers relevés du journal, au plus tard depuis le {time}', 'contiene las primeras {size} lecturas del registro, a más tardar desde el {time}', 'bevat de eerste {size} metingen van het log, uiterlijk sinds {time}',
  ],
  holds_now: ['holds the log’s first {size} readings now', 'hält jetzt die ersten {size} Messwerte des Logs fest', 'détient à présent les {size} premiers relevés du journal', 'contiene ahora las primeras {size} lecturas del registro', 'bevat nu de eerste {size} metingen van het log'],
  standing_pending: ['does not hold it, or not yet', 'hält es nicht fest, oder noch nicht', 'ne le détient pas, ou pas encore', 'no lo contiene, o todavía no', 'bevat het niet, of nog niet'],
  standing_refuted: ['does not hold what the file says it holds', 'hält nicht fest, was die Datei behauptet', 'ne détient pas ce que le fichier prétend', 'no contiene lo que el archivo afirma', 'bevat niet wat het bestand beweert'],
  standing_unknown: ['could not tell', 'konnte es nicht sagen', 'n’a pas pu répondre', 'no pudo decirlo', 'kon het niet zeggen'],
  asked_honest: [
    'Asked was what the file itself names: {nodes}. Whoever forges a file can name a server of their own. Its answers about transactions were taken at their word; scripts/verify computes their hashes and asks servers of your choice.',
    'Gefragt wurde, was die Datei selbst nennt: {nodes}. Wer eine Datei fälscht, kann einen eigenen Server nennen. Dessen Antworten wurden geglaubt; scripts/verify rechnet die Hashes nach und fragt Server Ihrer Wahl.',
    'On a interrogé ce que le fichier nomme lui-même : {nodes}. Un faussaire peut nommer son propre serveur. Ses réponses ont été crues sur parole ; scripts/verify recalcule les empreintes et interroge les serveurs de votre choix.',
    'Se preguntó a lo que el propio archivo nombra: {nodes}. Quien falsifica un archivo puede nombrar un servidor propio. Se creyó en sus respuestas; scripts/verify recalcula los hashes y pregunta a los servidores que usted elija.',
    'Gevraagd is wat het bestand zelf noemt: {nodes}. Een vervalser kan een eigen server noemen. De antwoorden zijn op hun woord geloofd; scripts/verify berekent de hashes en vraagt servers van uw keuze.',
  ],
  asked_bitcoin: [
    'Asked was what the file itself names: {nodes}. The timestamp and the block’s proof of work were checked here; that the block is one of the chain was taken at their word.',
    'Gefragt wurde, was die Datei selbst nennt: {nodes}. Zeitstempel und Arbeitsnachweis des Blocks wurden hier geprüft; dass der Block zur Kette gehört, wurde geglaubt.',
    'On a interrogé ce que le fichier nomme lui-même : {nodes}. L’horodatage et la preuve de travail du bloc ont été vérifiés ici ; que le bloc soit dans la chaîne a été cru sur parole.',
    'Se preguntó a lo que el propio archivo nombra: {nodes}. El sello de tiempo y la prueba de trabajo del bloque se comprobaron aquí; que el bloque sea de la cadena se creyó.',
    'Gevraagd is wat het bestand zelf noemt: {nodes}. Het tijdstempel en het bewijs van werk van het blok zijn hier gecontroleerd; dat het blok in de keten zit, is op hun woord geloofd.',
  ],
  asked_iota: [
    'Asked was what the file itself names: {nodes}. Whoever forges a file can name a server of their own. What was sent was checked here; that it was executed, and when, was taken at their word. scripts/verify asks servers of your choice.',
    'Gefragt wurde, was die Datei selbst nennt: {nodes}. Wer eine Datei fälscht, kann einen eigenen Server nennen. Was gesendet wurde, wurde hier geprüft; dass und wann es ausgeführt wurde, wurde geglaubt. scripts/verify fragt Server Ihrer Wahl.',
    'On a interrogé ce que le fichier nomme lui-même : {nodes}. Un faussaire peut nommer son propre serveur. Ce qui a été envoyé a été vérifié ici ; que ce fût exécuté, et quand, a été cru sur parole. scripts/verify interroge les serveurs de votre choix.',
    'Se preguntó a lo que el propio archivo nombra: {nodes}. Quien falsifica un archivo puede nombrar un servidor propio. Lo enviado se comprobó aquí; que se ejecutó, y cuándo, se creyó. scripts/verify pregunta a los servidores que usted elija.',
    'Gevraagd is wat het bestand zelf noemt: {nodes}. Een vervalser kan een eigen server noemen. Wat is verstuurd, is hier gecontroleerd; dat en wanneer het is uitgevoerd, is op hun woord geloofd. scripts/verify vraagt servers van uw keuze.',
  ],
  more_anchors: ['and {n} earlier ones', 'und {n} frühere', 'et {n} antérieurs', 'y {n} anteriores', 'en {n} eerdere'],

  // Readings
  readings: ['Readings', 'Messwerte', 'Relevés', 'Lecturas', 'Metingen'],
  readings_one: ['{n} reading', '{n} Messwert', '{n} relevé', '{n} lectura', '{n} meting'],
  readings_other: ['{n} readings', '{n} Messwerte', '{n} relevés', '{n} lecturas', '{n} metingen'],
  missing_one: ['{n} reading missing', '{n} Messwert fehlt', '{n} relevé manquant', 'falta {n} lectura', '{n} meting ontbreekt'],
  missing_other: ['{n} readings missing', '{n} Messwerte fehlen', '{n} relevés manquants', 'faltan {n} lecturas', '{n} metingen ontbreken'],
  before_one: ['the log has {n} earlier reading', 'das Log hat {n} früheren Messwert', 'le journal a {n} relevé antérieur', 'el registro tiene {n} lectura anterior', 'het log heeft {n} eerdere meting'],
  before_other: ['the log has {n} earlier readings', 'das Log hat {n} frühere Messwerte', 'le journal a {n} relevés antérieurs', 'el registro tiene {n} lecturas anteriores', 'het log heeft {n} eerdere metingen'],
  none: ['The file has no reading.', 'Die Datei hat keinen Messwert.', 'Le fichier ne contient aucun relevé.', 'El archivo no tiene ninguna lectura.', 'Het bestand heeft geen meting.'],
  from_to: ['{from} to {to}', '{from} bis {to}', 'du {from} au {to}', 'del {from} al {to}', '{from} tot {to}'],
  zone: ['Times are in your time zone, {zone}.', 'Zeiten in Ihrer Zeitzone, {zone}.', 'Heures dans votre fuseau, {zone}.', 'Horas en su zona horaria, {zone}.', 'Tijden in uw tijdzone, {zone}.'],
  plot_keys: ['Arrow keys go from reading to reading.', 'Pfeiltasten gehen von Messwert zu Messwert.', 'Les flèches vont de relevé en relevé.', 'Las flechas van de lectura en lectura.', 'Pijltoetsen gaan van meting naar meting.'],
  range: ['lowest {low}, highest {high}', 'niedrigster {low}, höchster {high}', 'minimum {low}, maximum {high}', 'mínimo {low}, máximo {high}', 'laagste {low}, hoogste {high}'],
  table: ['All readings', 'Alle Messwerte', 'Tous les relevés', 'Todas las lecturas', 'Alle metingen'],
  time: ['Time', 'Zeit', 'Heure', 'Hora', 'Tijd'],
  entity: ['Sensor', 'Sensor', 'Capteur', 'Sensor', 'Sensor'],
  value: ['Value', 'Wert', 'Valeur', 'Valor', 'Waarde'],
  number: ['Number', 'Nummer', 'Numéro', 'Número', 'Nummer'],
  existed: ['Existed before', 'Gab es vor', 'Existait avant', 'Existía antes de', 'Bestond vóór'],
  all_entities: ['All sensors', 'Alle Sensoren', 'Tous les capteurs', 'Todos los sensores', 'Alle sensoren'],
  page_of: ['{from}–{to} of {n}', '{from}–{to} von {n}', '{from}–{to} sur {n}', '{from}–{to} de {n}', '{from}–{to} van {n}'],
  previous: ['Earlier', 'Frühere', 'Précédents', 'Anteriores', 'Eerder'],
  next: ['Later', 'Spätere', 'Suivants', 'Posteriores', 'Later'],
  first: ['First', 'Erste', 'Premiers', 'Primeras', 'Eerste'],
  last: ['Last', 'Letzte', 'Derniers', 'Últimas', 'Laatste'],

  // Key
  key: ['Whose log it is', 'Wessen Log es ist', 'À qui est ce journal', 'De quién es el registro', 'Wiens log het is'],
  key_why: [
    'Anybody can make a log. This is the one you want only if its key is the one that its owner gave you, by another way than with this file.',
    'Jeder kann ein Log machen. Es ist nur dann das richtige, wenn sein Schlüssel der ist, den Ihnen sein Besitzer gab, auf anderem Weg als mit dieser Datei.',
    'N’importe qui peut faire un journal. C’est le bon seulement si sa clé est celle que son propriétaire vous a donnée, autrement qu’avec ce fichier.',
    'Cualquiera puede hacer un registro. Es el que usted quiere solo si su clave es la que le dio su dueño, por otra vía que este archivo.',
    'Iedereen kan een log maken. Het is alleen het juiste als de sleutel die is welke de eigenaar u gaf, langs een andere weg dan dit bestand.',
  ],
  key_given: ['The key that you were given', 'Der Schlüssel, den Sie bekommen haben', 'La clé qui vous a été donnée', 'La clave que le dieron', 'De sleutel die u kreeg'],
  key_same: ['It is the same.', 'Es ist derselbe.', 'C’est la même.', 'Es la misma.', 'Het is dezelfde.'],
  key_other: ['It is another one.', 'Es ist ein anderer.', 'C’en est une autre.', 'Es otra.', 'Het is een andere.'],
  key_none: ['This is no verifier key.', 'Dies ist kein Prüfschlüssel.', 'Ce n’est pas une clé de vérification.', 'No es una clave de verificación.', 'Dit is geen controlesleutel.'],
  key_here: ['The key in the file', 'Der Schlüssel in der Datei', 'La clé dans le fichier', 'La clave en el archivo', 'De sleutel in het bestand'],

  // Limits
  limits: ['What it does not show', 'Was sie nicht zeigt', 'Ce qu’il ne montre pas', 'Qué no muestra', 'Wat het niet laat zien'],
  limit_true: ['That a reading is true. A lying sensor stays a lying sensor.', 'Dass ein Messwert wahr ist. Ein lügender Sensor bleibt ein lügender Sensor.', 'Qu’un relevé est vrai. Un capteur menteur reste un capteur menteur.', 'Que una lectura sea verdadera. Un sensor que miente sigue mintiendo.', 'Dat een meting waar is. Een liegende sensor blijft een liegende sensor.'],
  limit_later: [
    'That a reading was made when it says. It was made no later than a ledger says.', 'Dass ein Messwert dann gemacht wurde, wann er sagt. Er wurde nicht später gemacht, als ein Ledger sagt.', 'Qu’un relevé a été fait au moment indiqué. Il n’a pas été fait après ce que dit un registre.', 'Que una lectura se hizo cuando dice. No se hizo después de lo que dice un libro mayor.', 'Dat een meting gedaan is wanneer ze zegt. Ze is niet later gedaan dan een grootboek zegt.',
  ],
  limit_outside: ['What was before the first reading, after the last, and of other sensors.', 'Was vor dem ersten Messwert war, nach dem letzten und bei anderen Sensoren.', 'Ce qui précède le premier relevé, suit le dernier, et les autres capteurs.', 'Lo que hubo antes de la primera lectura, después de la última y en otros sensores.', 'Wat er vóór de eerste meting was, na de laatste, en van andere sensoren.'],
  limit_second: ['That its owner has no second log that tells another story.', 'Dass sein Besitzer kein zweites Log hat, das anderes erzählt.', 'Que son propriétaire n’a pas un second journal qui raconte autre chose.', 'Que su dueño no tenga un segundo registro que cuente otra historia.', 'Dat de eigenaar geen tweede log heeft dat iets anders vertelt.'],
  limit_names: ['That the names are right: its owner chose them.', 'Dass die Namen stimmen: Sein Besitzer hat sie gewählt.', 'Que les noms sont justes : son propriétaire les a choisis.', 'Que los nombres sean correctos: los eligió su dueño.', 'Dat de namen kloppen: de eigenaar koos ze.'],

  // Two
  two: ['Two files against each other', 'Zwei Dateien gegeneinander', 'Deux fichiers l’un contre l’autre', 'Dos archivos uno contra otro', 'Twee bestanden tegen elkaar'],
  two_genuine: ['They tell the same story.', 'Sie erzählen dasselbe.', 'Ils racontent la même chose.', 'Cuentan lo mismo.', 'Ze vertellen hetzelfde.'],
  two_not_genuine: ['They contradict each other.', 'Sie widersprechen einander.', 'Ils se contredisent.', 'Se contradicen.', 'Ze spreken elkaar tegen.'],
  two_undecided: ['Not all of them could be compared.', 'Nicht alles ließ sich vergleichen.', 'Tout n’a pas pu être comparé.', 'No todo se pudo comparar.', 'Niet alles kon worden vergeleken.'],
  two_none: ['They were not compared: the second one cannot be relied on.', 'Sie wurden nicht verglichen: Auf die zweite ist kein Verlass.', 'Ils n’ont pas été comparés : on ne peut se fier au second.', 'No se compararon: el segundo no es fiable.', 'Ze zijn niet vergeleken: het tweede is niet te vertrouwen.'],
  two_shared: ['Readings in both, the same: {n}', 'Messwerte in beiden, gleich: {n}', 'Relevés dans les deux, identiques : {n}', 'Lecturas en ambos, iguales: {n}', 'Metingen in beide, gelijk: {n}'],
  two_common: ['The log’s first {n} readings are proved to be the same', 'Die ersten {n} Messwerte des Logs sind erwiesenermaßen dieselben', 'Les {n} premiers relevés du journal sont prouvés identiques', 'Las primeras {n} lecturas del registro son probadamente las mismas', 'De eerste {n} metingen van het log zijn bewezen dezelfde'],
  two_unproved: ['In one of them alone, with nothing to compare: {n}', 'Nur in einer, ohne Vergleich: {n}', 'Dans un seul, sans comparaison : {n}', 'Solo en uno, sin con qué comparar: {n}', 'Slechts in één, niets om mee te vergelijken: {n}'],
  two_other_log: ['They are of two logs.', 'Sie sind von zwei Logs.', 'Ils viennent de deux journaux.', 'Son de dos registros.', 'Ze zijn van twee logs.'],
  two_fork: ['The log has signed two histories of {n} readings.', 'Das Log hat zwei Geschichten von {n} Messwerten signiert.', 'Le journal a signé deux histoires de {n} relevés.', 'El registro firmó dos historias de {n} lecturas.', 'Het log heeft twee geschiedenissen van {n} metingen ondertekend.'],
  two_forked_reading: ['Reading {n} is not the same in both.', 'Messwert {n} ist nicht in beiden derselbe.', 'Le relevé {n} n’est pas le même dans les deux.', 'La lectura {n} no es la misma en ambos.', 'Meting {n} is niet in beide dezelfde.'],
  two_numbering: ['Reading {n} has a number that does not fit.', 'Messwert {n} hat eine Nummer, die nicht passt.', 'Le relevé {n} a un numéro qui ne convient pas.', 'La lectura {n} tiene un número que no encaja.', 'Meting {n} heeft een nummer dat niet past.'],

  // Details
  details: ['For experts', 'Für Fachleute', 'Pour les experts', 'Para expertos', 'Voor experts'],
  log: ['Log', 'Log', 'Journal', 'Registro', 'Log'],
  exported: ['Exported', 'Exportiert', 'Exporté', 'Exportado', 'Geëxporteerd'],
  size: ['Size of the log', 'Größe des Logs', 'Taille du journal', 'Tamaño del registro', 'Grootte van het log'],
  root: ['Root', 'Wurzel', 'Racine', 'Raíz', 'Wortel'],
  transaction: ['Transaction', 'Transaktion', 'Transaction', 'Transacción', 'Transactie'],
  covers: ['Covers', 'Umfasst', 'Couvre', 'Abarca', 'Omvat'],
  ledger: ['Ledger', 'Ledger', 'Registre', 'Libro mayor', 'Grootboek'],
  noted: ['Its owner noted', 'Sein Besitzer notierte', 'Son propriétaire a noté', 'Su dueño anotó', 'De eigenaar noteerde'],
} as const satisfies Record<string, Row>;

export type Key = keyof typeof TABLE;
export type Values = Readonly<Record<string, string | number>>;

/** Says things in one language, with its numbers and times. */
export class Speech {
  private readonly column: number;
  private readonly numbers: Intl.NumberFormat;
  private readonly plurals: Intl.PluralRules;
  private readonly times: Intl.DateTimeFormat;

  /** How this person writes numbers and times: a language and perhaps a country. */
  readonly locale: string;

  constructor(readonly language: Language) {
    this.column = ORDER.indexOf(language);
    this.locale = navigator.languages.find((each) => each.startsWith(language)) ?? language;
    this.numbers = new Intl.NumberFormat(this.locale);
    this.plurals = new Intl.PluralRules(language);
    this.times = new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'medium' });
  }

  /** The name of the time zone that times are told in. */
  get zone(): string {
    return this.times.resolvedOptions().timeZone;
  }

  /** Returns a sentence, its {names} replaced; numbers are written as the language does. */
  say(key: Key, values: Values = {}): string {
    const text: string = TABLE[key][this.column]!;
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? '';
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** Returns a sentence that depends on how many there are. */
  count(key: 'readings' | 'missing' | 'before', n: number): string {
    return this.say(this.plurals.select(n) === 'one' ? `${key}_one` : `${key}_other`, { n });
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  /** Returns a time that is written as in a leaf. */
  at(time: string): string {
    return this.time(toMilliseconds(time));
  }

  /** Returns a time that is given in milliseconds since 1970. */
  time(milliseconds: number): string {
    return this.times.format(milliseconds);
  }
}

/** Returns the first language of a person that the page speaks. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((each) => each.slice(0, 2).toLowerCase()).find((each) => each in LANGUAGES);
  return (known as Language | undefined) ?? 'en';
}
