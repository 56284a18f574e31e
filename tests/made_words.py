# ruff: noqa: RUF001, E501 - other scripts are the subject here, and phrases are told apart by bars
"""Phrases in several languages from which articles are made up: subjects, verbs, objects, tails, titles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """One language: its code, what stands between words, and its phrases."""

    code: str
    subjects: tuple[str, ...]
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    tails: tuple[str, ...]
    titles: tuple[str, ...]
    related: str
    space: str = " "
    stop: str = "."


def tongue(code: str, *phrases: str) -> Tongue:
    """Return a language; phrases are parted by bars: subjects, verbs, objects, tails, titles, a label."""
    subjects, verbs, objects, tails, titles, (related,) = (tuple(text.split("|")) for text in phrases)
    is_wide = code in {"zh", "ja"}
    return Tongue(
        code=code,
        subjects=subjects,
        verbs=verbs,
        objects=objects,
        tails=tails,
        titles=titles,
        related=related,
        space="" if is_wide else " ",
        stop="。" if is_wide else ".",
    )


KNOWN = (
    tongue(
        "en",
        "The harbour board|A town council in the north|The ministry of transport|Two former engineers|The regional newspaper|An independent audit|The fishing union|The head of the ferry company|Residents of the old quarter|A court in the capital|The weather service|Several local teachers",
        "reported|said|announced|reported|confirmed|published|said|warned",
        "that the new bridge would open before winter|that repairs had cost twice the planned sum|a list of all buildings at risk|that the night ferry would be cancelled|figures on the number of visitors|a plan to move the market hall|that no permit had been given|that water levels had fallen again|a letter to the prime minister|that schools would close for three days|the results of a long survey|that the contract had been broken",
        "on Tuesday|after weeks of dispute|according to a person who was present|in a statement sent to reporters|despite protests from the opposition|at a meeting behind closed doors|for the first time since the flood|without giving further details|during a visit to the coast|late in the evening|as the festival began|with the support of the union",
        "Why the Old Lighthouse Still Divides a Coastal Town|Ferry Crews Walk Out as Talks Collapse Again|Ten Years After the Flood the Walls Remain Unfinished|The Quiet Return of Night Trains to the Valley|Inside the Workshop That Repairs the Island Clocks",
        "Related article",
    ),
    tongue(
        "de",
        "Der Stadtrat|Das Verkehrsministerium|Eine Gruppe von Anwohnern|Der frühere Bürgermeister|Die Hafengesellschaft|Ein Gericht in der Hauptstadt|Zwei Ingenieure|Die Lokalzeitung|Der Fischereiverband|Ein unabhängiger Gutachter",
        "berichtete|teilte mit|bestätigte|berichtete|erklärte|warnte",
        "dass die neue Brücke vor dem Winter fertig werde|dass die Kosten sich verdoppelt hätten|eine Liste aller gefährdeten Gebäude|dass die Nachtfähre gestrichen werde|neue Zahlen zu den Besuchern|einen Plan für die Markthalle|dass keine Genehmigung vorliege|dass der Wasserstand erneut gesunken sei|die Ergebnisse einer langen Umfrage|dass der Vertrag gebrochen wurde",
        "am Dienstag|nach wochenlangem Streit|in einer Mitteilung an die Presse|trotz der Proteste der Opposition|bei einem Treffen hinter verschlossenen Türen|zum ersten Mal seit der Flut|ohne weitere Einzelheiten zu nennen|während eines Besuchs an der Küste|am späten Abend|mit Zustimmung des Verbands",
        "Warum der alte Leuchtturm die Stadt noch immer spaltet|Fährleute legen nach gescheiterten Gesprächen die Arbeit nieder|Zehn Jahre nach der Flut fehlen die Mauern noch|Die leise Rückkehr der Nachtzüge ins Tal",
        "Mehr zum Thema",
    ),
    tongue(
        "es",
        "El ayuntamiento|El ministerio de transporte|Un grupo de vecinos|El antiguo alcalde|La autoridad portuaria|Un tribunal de la capital|Dos ingenieros|El diario regional|El sindicato de pescadores|Una auditoría independiente",
        "informó|anunció|confirmó|informó|advirtió|publicó",
        "que el puente nuevo abriría antes del invierno|que las obras costaron el doble|una lista de edificios en peligro|que se cancelaría el barco nocturno|cifras sobre el número de visitantes|un plan para trasladar el mercado|que no había ningún permiso|que el nivel del agua bajó otra vez|los resultados de una larga encuesta|que el contrato fue roto",
        "el martes|tras semanas de disputa|en un comunicado enviado a la prensa|pese a las protestas de la oposición|en una reunión a puerta cerrada|por primera vez desde la riada|sin dar más detalles|durante una visita a la costa|a última hora de la noche|con el apoyo del sindicato",
        "Por qué el viejo faro todavía divide a un pueblo costero|Las tripulaciones abandonan el trabajo tras romperse las negociaciones|Diez años después de la riada los muros siguen sin terminar|El regreso silencioso de los trenes nocturnos al valle",
        "Artículo relacionado",
    ),
    tongue(
        "ru",
        "Городской совет|Министерство транспорта|Группа жителей|Бывший мэр|Портовое управление|Суд в столице|Двое инженеров|Областная газета|Союз рыбаков|Независимая проверка",
        "сообщил|заявил|подтвердил|сообщил|предупредил|опубликовал",
        "что новый мост откроют до зимы|что ремонт обошёлся вдвое дороже|список всех опасных зданий|что ночной паром отменят|данные о числе приезжих|план переноса рынка|что разрешения никто не давал|что уровень воды снова упал|итоги долгого опроса|что договор был нарушен",
        "во вторник|после долгих споров|в письме для журналистов|несмотря на протесты оппозиции|на закрытом заседании|впервые после наводнения|не называя подробностей|во время поездки на побережье|поздно вечером|при поддержке союза",
        "Почему старый маяк до сих пор делит прибрежный город|Паромщики прекратили работу после срыва переговоров|Через десять лет после наводнения стены так и не достроены|Тихое возвращение ночных поездов в долину",
        "Читайте также",
    ),
    tongue(
        "ar",
        "مجلس المدينة|وزارة النقل|مجموعة من السكان|رئيس البلدية السابق|هيئة الميناء|محكمة في العاصمة|مهندسان سابقان|الصحيفة المحلية|اتحاد الصيادين|لجنة مستقلة",
        "أعلن|أكد|ذكر|أعلن|حذر|نشر",
        "أن الجسر الجديد سيفتح قبل الشتاء|أن كلفة الإصلاح تضاعفت|قائمة بالمباني المهددة|أن العبارة الليلية ستلغى|أرقاما عن عدد الزوار|خطة لنقل السوق القديم|أن أحدا لم يمنح ترخيصا|أن منسوب المياه انخفض مجددا|نتائج استطلاع طويل|أن العقد قد خرق",
        "يوم الثلاثاء|بعد أسابيع من الخلاف|في بيان أرسل إلى الصحفيين|رغم احتجاجات المعارضة|في اجتماع مغلق|لأول مرة منذ الفيضان|دون ذكر تفاصيل أخرى|خلال زيارة إلى الساحل|في ساعة متأخرة من الليل|بدعم من الاتحاد",
        "لماذا لا تزال المنارة القديمة تقسم المدينة الساحلية|عمال العبارات يتوقفون عن العمل بعد انهيار المحادثات|بعد عشر سنوات من الفيضان لم تكتمل الجدران|عودة هادئة لقطارات الليل إلى الوادي",
        "مقال ذو صلة",
    ),
    tongue(
        "zh",
        "市议会|交通部|一群居民|前任市长|港务局|首都的一家法院|两名工程师|地方报纸|渔业协会|一份独立审计",
        "报道|宣布|证实|报道|警告|公布",
        "新桥将在冬季之前通车|维修费用比计划多出一倍|所有危险建筑的名单|夜间渡轮将被取消|有关游客人数的数据|迁移菜市场的计划|没有任何人发放许可|水位再次下降|一项长期调查的结果|合同已经被破坏",
        "在星期二|经过数周的争论之后|在发给记者的声明中|不顾反对派的抗议|在一次闭门会议上|自洪水以来第一次|没有透露更多细节|在访问海岸期间|在深夜时分|在协会的支持下",
        "为什么旧灯塔至今仍使海边小镇分裂|谈判再次破裂后渡轮船员罢工|洪水过去十年后城墙仍未完工|夜间列车悄然重返山谷",
        "相关文章",
    ),
    tongue(
        "ja",
        "市議会は|運輸省は|住民の一団は|前市長は|港湾局は|首都の裁判所は|二人の技術者は|地方紙は|漁業組合は|独立した監査は",
        "報じた|発表した|確認した|報じた|警告した|公表した",
        "新しい橋は冬までに開通すると|修理費は予定の二倍になったと|危険な建物の一覧を|夜の渡し船は廃止されると|訪問者の数についての資料を|市場を移す計画を|許可は出ていないと|水位がまた下がったと|長い調査の結果を|契約は破られたと",
        "火曜日に|数週間の争いの後に|記者への声明の中で|野党の抗議にもかかわらず|非公開の会合で|洪水の後で初めて|詳しいことは述べずに|海岸を訪れた際に|夜遅くに|組合の支持を得て",
        "古い灯台がいまも港町を分けている理由|交渉が決裂し渡し船の乗員が仕事を止めた|洪水から十年たっても壁は完成していない|夜行列車が静かに谷へ戻ってきた",
        "関連記事",
    ),
)  # fmt: skip

UNSEEN = (
    tongue(
        "it",
        "Il consiglio comunale|Il ministero dei trasporti|Un gruppo di abitanti|L'ex sindaco|L'autorità del porto|Un tribunale della capitale|Due ingegneri|Il giornale locale|Il sindacato dei pescatori|Una verifica indipendente",
        "ha riferito|ha annunciato|ha confermato|ha riferito|ha avvertito",
        "che il nuovo ponte aprirà prima dell'inverno|che i lavori sono costati il doppio|un elenco degli edifici a rischio|che il traghetto notturno sarà soppresso|i dati sul numero dei visitatori|un piano per spostare il mercato|che nessuno ha dato il permesso|che il livello dell'acqua è sceso ancora|i risultati di un lungo sondaggio|che il contratto è stato violato",
        "martedì|dopo settimane di lite|in una nota inviata ai giornalisti|malgrado le proteste dell'opposizione|in una riunione a porte chiuse|per la prima volta dopo l'alluvione|senza dare altri dettagli|durante una visita alla costa|a tarda sera|con il sostegno del sindacato",
        "Perché il vecchio faro divide ancora una città di mare|Gli equipaggi dei traghetti si fermano dopo la rottura dei colloqui|Dieci anni dopo l'alluvione i muri non sono finiti|Il ritorno silenzioso dei treni di notte nella valle",
        "Leggi anche",
    ),
    tongue(
        "pl",
        "Rada miasta|Ministerstwo transportu|Grupa mieszkańców|Były burmistrz|Zarząd portu|Sąd w stolicy|Dwaj inżynierowie|Lokalna gazeta|Związek rybaków|Niezależna kontrola",
        "poinformował|ogłosił|potwierdził|poinformował|ostrzegł",
        "że nowy most zostanie otwarty przed zimą|że naprawa kosztowała dwa razy więcej|listę zagrożonych budynków|że nocny prom zostanie odwołany|dane o liczbie gości|plan przeniesienia hali targowej|że nikt nie wydał zgody|że poziom wody znowu opadł|wyniki długiej ankiety|że umowa została złamana",
        "we wtorek|po tygodniach sporu|w oświadczeniu dla dziennikarzy|mimo protestów opozycji|na zamkniętym spotkaniu|po raz pierwszy od powodzi|nie podając szczegółów|podczas wizyty na wybrzeżu|późnym wieczorem|przy poparciu związku",
        "Dlaczego stara latarnia wciąż dzieli nadmorskie miasto|Załogi promów przerwały pracę po zerwaniu rozmów|Dziesięć lat po powodzi mury nadal nie są gotowe|Cichy powrót nocnych pociągów do doliny",
        "Czytaj także",
    ),
    tongue(
        "el",
        "Το δημοτικό συμβούλιο|Το υπουργείο μεταφορών|Μια ομάδα κατοίκων|Ο πρώην δήμαρχος|Η αρχή του λιμανιού|Ένα δικαστήριο στην πρωτεύουσα|Δύο μηχανικοί|Η τοπική εφημερίδα|Η ένωση των ψαράδων",
        "ανέφερε|ανακοίνωσε|επιβεβαίωσε|ανέφερε|προειδοποίησε",
        "ότι η νέα γέφυρα θα ανοίξει πριν τον χειμώνα|ότι το κόστος διπλασιάστηκε|έναν κατάλογο των κτιρίων σε κίνδυνο|ότι το νυχτερινό πλοίο θα καταργηθεί|στοιχεία για τον αριθμό των επισκεπτών|ένα σχέδιο για την αγορά|ότι κανείς δεν έδωσε άδεια|ότι η στάθμη έπεσε ξανά|ότι η σύμβαση παραβιάστηκε",
        "την Τρίτη|μετά από εβδομάδες διαφωνίας|σε δήλωση προς τους δημοσιογράφους|παρά τις διαμαρτυρίες|σε κλειστή συνάντηση|για πρώτη φορά μετά την πλημμύρα|χωρίς άλλες λεπτομέρειες|αργά το βράδυ|με τη στήριξη της ένωσης",
        "Γιατί ο παλιός φάρος χωρίζει ακόμη την πόλη|Τα πληρώματα σταμάτησαν μετά το ναυάγιο των συνομιλιών|Δέκα χρόνια μετά την πλημμύρα τα τείχη δεν τελείωσαν|Η ήσυχη επιστροφή των νυχτερινών τρένων",
        "Διαβάστε επίσης",
    ),
    tongue(
        "ko",
        "시의회는|교통부는|주민 모임은|전 시장은|항만 당국은|수도의 법원은|기술자 두 명은|지역 신문은|어민 조합은|독립 감사단은",
        "보도했다|발표했다|확인했다|보도했다|경고했다",
        "새 다리가 겨울 전에 열린다고|수리비가 두 배로 늘었다고|위험한 건물의 목록을|밤배가 없어진다고|방문객 수에 대한 자료를|시장을 옮기는 계획을|아무도 허가하지 않았다고|물 높이가 다시 내려갔다고|긴 설문의 결과를|계약이 깨졌다고",
        "화요일에|몇 주의 다툼 끝에|기자들에게 보낸 글에서|야당의 항의에도|비공개 모임에서|홍수 뒤 처음으로|더 말하지 않고|바닷가를 찾았을 때|늦은 밤에|조합의 도움으로",
        "오래된 등대가 아직도 바닷가 마을을 나누는 까닭|협상이 깨진 뒤 배 선원들이 일을 멈췄다|홍수 십 년 뒤에도 벽은 끝나지 않았다|밤 기차가 조용히 골짜기로 돌아왔다",
        "관련 기사",
    ),
    tongue(
        "tr",
        "Belediye meclisi|Ulaştırma bakanlığı|Bir grup mahalleli|Eski belediye başkanı|Liman idaresi|Başkentteki bir mahkeme|İki mühendis|Yerel gazete|Balıkçılar birliği|Bağımsız bir denetim",
        "bildirdi|açıkladı|doğruladı|bildirdi|uyardı",
        "yeni köprünün kıştan önce açılacağını|onarımın iki katına mal olduğunu|tehlikedeki binaların listesini|gece vapurunun kaldırılacağını|ziyaretçi sayısına dair verileri|çarşının taşınması planını|kimsenin izin vermediğini|suyun yine alçaldığını|uzun bir anketin sonuçlarını|sözleşmenin bozulduğunu",
        "salı günü|haftalar süren tartışmadan sonra|gazetecilere gönderilen yazıda|muhalefetin itirazlarına rağmen|kapalı bir toplantıda|selden beri ilk kez|başka ayrıntı vermeden|kıyı gezisi sırasında|gece geç saatte|birliğin desteğiyle",
        "Eski fener neden hâlâ kıyı kentini ikiye bölüyor|Görüşmeler çökünce vapur çalışanları işi bıraktı|Selden on yıl sonra duvarlar hâlâ bitmedi|Gece trenlerinin vadiye sessiz dönüşü",
        "İlgili haber",
    ),
)  # fmt: skip
