/* The text as it is compared, and which parts of it do not count. */
#include "mod/reading/reading_int.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>
#include <uchar.h>

/* Traditional and variant characters, each followed by the one it is read as (as Unicode's Hant-Hans has them, and what
 * cooks write: 桔 for 橘, 薹 for 苔). In order of the first of each pair. */
static const char16_t variants[] = u"丟丢両两並并乾干亂乱亙亘亞亚佇伫佈布佔占併并來来侖仑侶侣侷局係系俠侠俱具倀伥倆俩倉"
				   u"仓個个們们倖幸倣仿倫伦偉伟側侧"
				   u"偵侦偽伪傑杰傖伧傘伞備备傢家傭佣傯偬傳传債债傷伤傾倾僅仅僇戮僑侨僕仆僥侥僱雇價价儀"
				   u"仪儂侬億亿儈侩儉俭儐傧儔俦儕侪"
				   u"儘尽償偿優优儲储儷俪儸㑩儻傥儼俨兇凶兌兑兒儿兗兖內内兩两冊册冪幂凍冻凜凛凱凯別别刪"
				   u"删則则剋克剎刹剛刚剝剥剴剀創创"
				   u"剷铲劃划劇剧劉刘劊刽劍剑劑剂勁劲動动勗勖務务勛勋勝胜勞劳勢势勳勋勵励勸劝勻匀匯汇匱"
				   u"匮區区協协卹恤卻却厭厌厲厉參参"
				   u"叢丛吒咤吳吴吶呐呂吕員员唸念問问啞哑啟启喚唤喪丧喫吃喬乔單单喲哟嗆呛嗇啬嗎吗嗚呜嗶"
				   u"哔嘆叹嘍喽嘔呕嘖啧嘗尝嘩哗嘮唠"
				   u"嘯啸嘰叽噓嘘噥哝噯嗳噴喷噸吨噹当嚀咛嚇吓嚐尝嚕噜嚥咽嚨咙嚮向嚴严嚶嘤囀啭囁嗫囂嚣囈"
				   u"呓囉啰囑嘱囪囱國国圍围園园圓圆"
				   u"圖图團团執执堅坚堊垩堝埚堯尧報报場场塊块塋茔塒埘塗涂塚冢塢坞塵尘塹堑墊垫墜坠墮堕墳"
				   u"坟墾垦壇坛壎埙壓压壘垒壙圹壞坏"
				   u"壟垄壢坜壩坝壯壮壺壶壽寿夠够夢梦夥伙夾夹奐奂奧奥奩奁奪夺奮奋妝妆姊姐姍姗姦奸姪侄娛"
				   u"娱婁娄婦妇媧娲媼媪媽妈嫗妪嫵妩"
				   u"嫻娴嬈娆嬋婵嬌娇嬝袅嬤嬷嬪嫔嬰婴嬸婶孃娘孫孙學学孿孪宮宫寢寝實实寧宁審审寫写寬宽寵"
				   u"宠寶宝將将專专尋寻對对導导尷尴"
				   u"屆届屍尸屜屉屢屡層层屨屦屬属岡冈峴岘島岛峽峡崑昆崗岗崙仑崢峥嵐岚嶄崭嶇岖嶔嵚嶸嵘嶺"
				   u"岭嶼屿巒峦巔巅巖岩帥帅師师帳帐"
				   u"帶带幀帧幃帏幗帼幟帜幣币幫帮幹干幾几庫库廁厕廂厢廄厩廈厦廚厨廝厮廟庙廠厂廢废廣广廬"
				   u"庐廳厅弒弑弔吊張张強强彆别彈弹"
				   u"彌弥彎弯彙汇彥彦彿佛後后徑径從从徠徕復复徬彷徵征徹彻恆恒恥耻悅悦悵怅悶闷悽凄惡恶惱"
				   u"恼惻恻愛爱愜惬愴怆愷恺愾忾慄栗"
				   u"慇殷態态慍愠慘惨慚惭慟恸慣惯慫怂慮虑慶庆慼戚慾欲憂忧憊惫憐怜憑凭憚惮憤愤憫悯憮怃憲"
				   u"宪憶忆懇恳應应懍懔懣懑懲惩懶懒"
				   u"懷怀懸悬懺忏懼惧懾慑戀恋戰战戲戏戶户拋抛挾挟捨舍捫扪捲卷掃扫掄抡掙挣掛挂採采揀拣揚"
				   u"扬換换揮挥搆构損损搖摇搗捣搶抢"
				   u"搾榨摑掴摟搂摯挚摺折摻掺撈捞撐撑撓挠撚捻撢掸撥拨撫抚撲扑撳揿撻挞撾挝撿捡擁拥擄掳擇"
				   u"择擊击擋挡擔担據据擠挤擬拟擰拧"
				   u"擱搁擲掷擴扩擷撷擺摆擻擞擾扰攆撵攏拢攔拦攙搀攜携攝摄攣挛攤摊攪搅攬揽敗败敘叙敵敌數"
				   u"数斂敛斃毙斕斓斬斩斷断於于昇升"
				   u"時时晉晋晝昼暈晕暉晖暘旸暢畅暫暂暱昵曄晔曆历曇昙曉晓曖暧曠旷曬晒書书會会朧胧東东柵"
				   u"栅桔橘桿杆梔栀條条梟枭棄弃棗枣"
				   u"棟栋棧栈棲栖楊杨楓枫楨桢業业極极榮荣構构槍枪槓杠槨椁槳桨樁桩樂乐樅枞樑梁樓楼標标樞"
				   u"枢樣样樸朴樹树樺桦橈桡橋桥機机"
				   u"橢椭橫横檔档檜桧檢检檣樯檮梼檯台檳槟檸柠檻槛櫃柜櫓橹櫚榈櫛栉櫝椟櫥橱櫬榇櫺棂櫻樱欄"
				   u"栏權权欖榄欽钦歎叹歐欧歟欤歡欢"
				   u"歲岁歷历歸归歿殁殘残殤殇殮殓殯殡殲歼殺杀殼壳毀毁毆殴毬球氈毡氣气氫氢氬氩氳氲氾泛汎"
				   u"泛汙污決决沍冱沒没沖冲況况洩泄"
				   u"洶汹浹浃涇泾涼凉淒凄淚泪淨净淪沦淵渊淺浅渙涣減减渦涡測测渾浑湊凑湧涌湯汤準准溝沟溫"
				   u"温溼湿滄沧滅灭滌涤滬沪滯滞滲渗"
				   u"滷卤滾滚滿满漁渔漢汉漣涟漬渍漲涨漸渐漿浆潑泼潔洁潛潜潤润潯浔潰溃澀涩澆浇澗涧澠渑澤"
				   u"泽澦滪澱淀濁浊濃浓濕湿濘泞濟济"
				   u"濤涛濫滥濬浚濰潍濱滨濺溅濾滤瀆渎瀉泻瀋沈瀏浏瀕濒瀘泸瀝沥瀟潇瀨濑瀰弥瀲潋瀾澜灑洒灘"
				   u"滩灣湾灤滦災灾為为烏乌無无煉炼"
				   u"煙烟煥焕煩烦煬炀熒荧熱热熾炽燄焰燈灯燉炖燐磷燒烧燙烫燜焖營营燦灿燬毁燭烛燴烩燻熏燼"
				   u"烬燾焘爍烁爐炉爛烂爭争爺爷爾尔"
				   u"牆墙牘牍牽牵犖荦犢犊犧牺狀状狹狭狽狈猙狰猶犹獄狱獅狮獎奖獨独獰狞獲获獵猎獷犷獸兽獺"
				   u"獭獻献玀猡現现琺珐琿珲瑣琐瑤瑶"
				   u"瑩莹瑪玛瑯琅璣玑璦瑷環环璽玺瓊琼瓏珑瓔璎瓚瓒甌瓯甕瓮產产畝亩畢毕畫画異异當当疇畴疊"
				   u"叠痙痉痠酸瘋疯瘍疡瘓痪瘡疮瘧疟"
				   u"瘺瘘療疗癆痨癒愈癘疠癟瘪癡痴癢痒癥症癩癞癬癣癮瘾癱瘫癲癫發发皚皑皰疱皺皱盃杯盜盗盞"
				   u"盏盡尽監监盤盘盧卢盪荡眾众睏困"
				   u"睜睁睞睐睪睾瞇眯瞞瞒瞭了瞼睑矓眬矚瞩矯矫砲炮硯砚碩硕確确碼码磚砖磧碛磯矶礎础礙碍礦"
				   u"矿礪砺礫砾礬矾祕秘祿禄禍祸禎祯"
				   u"禦御禪禅禮礼禱祷禿秃秈籼稅税稈秆稜棱稟禀種种稱称穀谷穌稣積积穎颖穠秾穡穑穢秽穩稳穫"
				   u"获窩窝窪洼窮穷窯窑窺窥竄窜竅窍"
				   u"竇窦竊窃競竞筆笔筍笋筧笕箇个箋笺箏筝箝钳節节範范築筑篤笃篩筛簍篓簞箪簡简簣篑簫箫簷"
				   u"檐簽签簾帘籃篮籌筹籐藤籟籁籠笼"
				   u"籤签籬篱籮箩籲吁粵粤糝糁糞粪糧粮糰团糾纠紀纪紂纣約约紅红紆纡紇纥紉纫紋纹納纳紐纽純"
				   u"纯紕纰紗纱紙纸級级紛纷紜纭紡纺"
				   u"紥扎紮扎細细紱绂紲绁紳绅紹绍紼绋絀绌終终絃弦組组絆绊結结絕绝絛绦絞绞絡络絢绚給给絨"
				   u"绒絰绖統统絲丝絳绛絹绢綁绑綏绥"
				   u"綑捆經经綜综綞缍綠绿綢绸綬绶維维綰绾綱纲網网綴缀綵彩綸纶綺绮綻绽綽绰綾绫綿绵緇缁緊"
				   u"紧緒绪緘缄緙缂線线緝缉緞缎締缔"
				   u"緣缘編编緩缓緬缅緯纬緲缈練练緹缇緻致縈萦縉缙縊缢縐绉縑缣縛缚縝缜縞缟縣县縫缝縮缩縱"
				   u"纵縲缧縴纤縵缦縷缕縹缥總总績绩"
				   u"繃绷繅缫繆缪繒缯織织繕缮繚缭繞绕繡绣繩绳繪绘繫系繭茧繳缴繹绎繼继繽缤續续纏缠纓缨纔"
				   u"才纖纤纜缆缽钵罈坛罌罂罎坛罰罚"
				   u"罵骂罷罢羅罗羈羁羋芈羨羡義义羶膻習习翹翘聖圣聞闻聯联聰聪聲声聳耸聶聂職职聽听聾聋肅"
				   u"肃脅胁脈脉脣唇脫脱脹胀腎肾腦脑"
				   u"腫肿腳脚腸肠膚肤膠胶膩腻膽胆膾脍膿脓臉脸臍脐臏膑臘腊臚胪臟脏臢臜臥卧臨临臺台與与興"
				   u"兴舉举舊旧艙舱艦舰艱艰艷艳芻刍"
				   u"苧苎茲兹荊荆荳豆莊庄莖茎莢荚莧苋菓果華华菸烟萇苌萊莱萬万萵莴葉叶葦苇葷荤蒐搜蒓莼蒞"
				   u"莅蒼苍蓀荪蓆席蓋盖蓮莲蔔卜蔣蒋"
				   u"蔥葱蔭荫蔴麻蕃番蕎荞蕓芸蕩荡蕪芜蕭萧薈荟薊蓟薑姜薔蔷薦荐薩萨薹苔薺荠藉借藍蓝藝艺藥"
				   u"药藪薮藷薯藹蔼藺蔺蘆芦蘇苏蘊蕴"
				   u"蘋苹蘚藓蘭兰蘿萝處处虛虚虜虏號号虧亏蛻蜕蜆蚬蝕蚀蝦虾蝨虱蝸蜗螞蚂螢萤螻蝼蟈蝈蟬蝉蟯"
				   u"蛲蟲虫蟶蛏蟻蚁蠅蝇蠍蝎蠔蚝蠟蜡"
				   u"蠣蛎蠱蛊蠶蚕蠻蛮術术衛卫衝冲袞衮裊袅裏里補补裝装裡里製制複复褲裤褸褛褻亵襖袄襠裆襤"
				   u"褴襪袜襬䙓襯衬襲袭見见規规覓觅"
				   u"視视覦觎親亲覬觊覲觐覺觉覽览觀观觴觞觸触訂订訃讣計计訊讯訌讧討讨訐讦訓训訕讪訖讫託"
				   u"托記记訛讹訝讶訟讼訢䜣訣诀訥讷"
				   u"訪访設设許许訴诉訶诃診诊註注証证詁诂詆诋詐诈詔诏評评詖诐詛诅詞词詠咏詢询詣诣試试詩"
				   u"诗詫诧詬诟詭诡詮诠詰诘話话該该"
				   u"詳详詼诙誅诛誇夸誌志認认誑诳誕诞誘诱誚诮語语誠诚誡诫誣诬誤误誥诰誦诵誨诲說说誰谁課"
				   u"课誶谇誹诽誼谊調调諂谄諄谆談谈"
				   u"諉诿請请諍诤諒谅論论諛谀諜谍諦谛諧谐諫谏諭谕諮谘諱讳諳谙諶谌諷讽諸诸諺谚諼谖諾诺謀"
				   u"谋謁谒謂谓謄誊謊谎謎谜謐谧謗谤"
				   u"謙谦講讲謝谢謠谣謨谟謫谪謬谬謹谨譁哗證证譎谲譏讥識识譙谯譚谭譜谱譟噪譫谵譯译議议譴"
				   u"谴護护譽誉讀读變变讒谗讓让讖谶"
				   u"讚赞讜谠豈岂豎竖豐丰豔艳豬猪貍狸貓猫貝贝貞贞負负財财貢贡貧贫貨货販贩貪贪貫贯責责貯"
				   u"贮貲赀貳贰貴贵貶贬買买貸贷費费"
				   u"貼贴貽贻貿贸賀贺賁贲賂赂賃赁賄贿賅赅資资賈贾賊贼賑赈賒赊賓宾賜赐賞赏賠赔賡赓賢贤賣"
				   u"卖賤贱賦赋質质賬账賭赌賴赖賸剩"
				   u"賺赚賻赙購购賽赛贅赘贈赠贊赞贍赡贏赢贓赃贖赎贗赝贛赣趕赶趙赵趨趋跡迹跤交跼局踐践踡"
				   u"蜷踴踊蹕跸蹟迹蹣蹒蹤踪蹺跷躂跶"
				   u"躉趸躊踌躋跻躍跃躑踯躓踬躡蹑躪躏軀躯車车軋轧軌轨軍军軒轩軔轫軛轭軟软軸轴軻轲軼轶軾"
				   u"轼較较載载輊轾輒辄輓挽輔辅輕轻"
				   u"輛辆輜辎輝辉輞辋輟辍輥辊輦辇輩辈輪轮輯辑輳辏輸输輻辐輾辗輿舆轂毂轄辖轅辕轉转轍辙轎"
				   u"轿轔辚轟轰轡辔辦办辭辞辮辫辯辩"
				   u"農农迴回逕迳這这連连週周進进遊游運运過过達达違违遙遥遜逊遞递遠远適适遲迟遷迁選选遺"
				   u"遗遼辽邁迈還还邇迩邊边邏逻邐逦"
				   u"郵邮鄉乡鄒邹鄧邓鄭郑鄰邻鄴邺酈郦醃腌醜丑醞酝醫医醬酱醱酦釀酿釁衅釅酽釋释釐厘釗钊釘"
				   u"钉釙钋針针釣钓釦扣釧钏釩钒釵钗"
				   u"鈉钠鈍钝鈐钤鈑钣鈔钞鈕钮鈞钧鈣钙鈴铃鈷钴鈸钹鈹铍鈽钸鈾铀鈿钿鉀钾鉅钜鉉铉鉋铇鉍铋鉑"
				   u"铂鉗钳鉚铆鉛铅鉤钩鉸铰鉻铬銀银"
				   u"銅铜銑铣銓铨銖铢銘铭銜衔銨铵銬铐銲焊銳锐銷销銻锑銼锉鋁铝鋅锌鋇钡鋒锋鋤锄鋪铺鋰锂鋸"
				   u"锯鋼钢錄录錐锥錕锟錘锤錙锱錚铮"
				   u"錠锭錡锜錢钱錦锦錨锚錫锡錮锢錯错錳锰錶表鍊炼鍋锅鍍镀鍔锷鍚钖鍛锻鍥锲鍬锹鍰锾鍵键鍾"
				   u"钟鎂镁鎊镑鎔镕鎖锁鎗枪鎘镉鎚锤"
				   u"鎢钨鎬镐鎮镇鎰镒鎳镍鏃镞鏈链鏍镙鏑镝鏗铿鏘锵鏜镗鏝镘鏟铲鏡镜鏢镖鏤镂鏨錾鏽锈鐃铙鐘"
				   u"钟鐫镌鐮镰鐲镯鐳镭鐵铁鐸铎鐺铛"
				   u"鑄铸鑑鉴鑒鉴鑠铄鑣镳鑰钥鑲镶鑷镊鑼锣鑽钻鑾銮鑿凿長长門门閂闩閃闪閉闭開开閎闳閏闰閑"
				   u"闲閒闲間间閔闵閘闸閡阂閣阁閥阀"
				   u"閨闺閩闽閭闾閱阅閻阎闆板闈闱闊阔闋阕闌阑闐阗闔阖闕阙闖闯關关闡阐闢辟阪坂陘陉陝陕陞"
				   u"升陣阵陰阴陳陈陸陆陽阳隄堤隊队"
				   u"階阶隕陨際际隨随險险隱隐隴陇隸隶隻只雋隽雖虽雙双雛雏雜杂雞鸡離离難难雲云電电霑沾霧"
				   u"雾霽霁靂雳靄霭靈灵靜静靦腼靨靥"
				   u"鞏巩韁缰韃鞑韉鞯韋韦韌韧韓韩韜韬韮韭韻韵響响頁页頂顶頃顷項项順顺須须頊顼頌颂預预頑"
				   u"顽頒颁頓顿頗颇領领頜颌頡颉頤颐"
				   u"頭头頰颊頷颔頸颈頹颓頻频顆颗題题額额顎颚顏颜顓颛願愿顛颠類类顥颢顧顾顫颤顯显顰颦顱"
				   u"颅風风颯飒颱台颳刮颶飓颺飏颼飕"
				   u"飄飘飛飞飢饥飩饨飪饪飭饬飯饭飲饮飴饴飼饲飽饱飾饰餃饺餅饼餉饷養养餌饵餑饽餒馁餓饿餘"
				   u"余餚肴餛馄餞饯餡馅館馆餵喂餽馈"
				   u"餾馏餿馊饃馍饅馒饉馑饑饥饒饶饗飨饜餍饞馋馬马馭驭馮冯馱驮馳驰馴驯駁驳駐驻駑驽駒驹駕"
				   u"驾駙驸駛驶駝驼駟驷駢骈駭骇駱骆"
				   u"駿骏騁骋騎骑騖骛騙骗騫骞騰腾騷骚騾骡驀蓦驃骠驅驱驍骁驕骄驗验驚惊驛驿驟骤驢驴驥骥驪"
				   u"骊骯肮髏髅髒脏體体髖髋髮发鬆松"
				   u"鬍胡鬚须鬢鬓鬥斗鬧闹鬨哄鬱郁魎魉魘魇魚鱼魯鲁魷鱿鮑鲍鮪鲔鮫鲛鮭鲑鮮鲜鯀鲧鯇鲩鯉鲤鯊"
				   u"鲨鯖鲭鯛鲷鯧鲳鯨鲸鯰鲶鯽鲫鰂鲗"
				   u"鰈鲽鰍鳅鰓鳃鰥鳏鰭鳍鰱鲢鰹鲣鰻鳗鰾鳔鱈鳕鱉鳖鱒鳟鱔鳝鱖鳜鱗鳞鱘鲟鱟鲎鱷鳄鱸鲈鱺鲡鳥"
				   u"鸟鳩鸠鳳凤鳴鸣鳶鸢鴆鸩鴉鸦鴒鸰"
				   u"鴕鸵鴛鸳鴣鸪鴦鸯鴨鸭鴻鸿鴿鸽鵑鹃鵝鹅鵠鹄鵡鹉鵪鹌鵬鹏鵲鹊鶉鹑鶯莺鶴鹤鷂鹞鷄鸡鷓鹧鷗"
				   u"鸥鷥鸶鷹鹰鷺鹭鸚鹦鸛鹳鸞鸾鹵卤"
				   u"鹹咸鹼碱鹽盐麗丽麥麦麩麸麪面麵面麼么黃黄黌黉點点黨党黴霉黷黩鼇鳌鼕冬鼴鼹齊齐齋斋齒"
				   u"齿齜龇齟龃齡龄齣出齦龈齧啮齪龊"
				   u"齬龉齲龋齷龌龍龙龐庞龔龚龜龟";

static uint32_t simplified(uint32_t cp)
{
	size_t lo = 0, hi = (ARRAY_LEN(variants) - 1) / 2;

	if (cp < variants[0])
		return cp;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (variants[2 * mid] < cp)
			lo = mid + 1;
		else
			hi = mid;
	}
	return 2 * lo + 1 < ARRAY_LEN(variants) && variants[2 * lo] == cp ? variants[2 * lo + 1] : cp;
}

/* Signs that are written in many ways. */
static uint32_t plain_sign(uint32_t cp)
{
	switch (cp) {
	case 0x3000:
	case 0xA0:
	case 0x2009:
	case 0x202F:
	case 0x200B: return ' ';
	case 0xD7:
	case 0x2715:
	case 0x2716: return 'x';
	case 0x2013:
	case 0x2014:
	case 0x2012:
	case 0x2212:
	case 0x2015: return '-';
	case 0x2018:
	case 0x2019: return '\'';
	case 0x201C:
	case 0x201D: return '"';
	case 0x3010: return '[';
	case 0x3011: return ']';
	case 0x339D: return 'c';
	case 0xA5: return 0xA5;
	default: return cp;
	}
}

static uint32_t fold(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFF01 - '!';
	cp = plain_sign(cp == 0xFFE5 ? 0xA5 : cp);
	if (cp < 0x80)
		return (uint32_t)tolower((int)cp);
	return cp >= 0x2E80 && cp <= 0x9FFF ? simplified(cp) : cp;
}

bool is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == '\r';
}

bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

bool is_alnum(uint32_t cp)
{
	return is_digit(cp) || (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp < 0x250 && cp != 0xD7);
}

struct rtext rtext_of(struct arena *a, const char *s)
{
	struct rtext t = { .s = s };
	const char *p = s;

	t.at = ARENA_ARRAY(a, strlen(s) + 2, struct rchar);
	while (*p) {
		t.at[t.len].byte = (uint32_t)(p - s);
		t.at[t.len++].cp = fold(utf8_next(&p));
	}
	t.at[t.len].byte = (uint32_t)(p - s);
	return t;
}

const char *rtext_raw(struct arena *a, const struct rtext *t, uint32_t from, uint32_t to)
{
	return arena_strndup(a, t->s + t->at[from].byte, t->at[to].byte - t->at[from].byte);
}

uint32_t rtext_fold_name(const char *s, uint32_t *out, uint32_t max)
{
	uint32_t n = 0;
	bool gap = false;

	while (*s && n < max) {
		uint32_t cp = fold(utf8_next(&s));

		if (is_blank(cp)) {
			gap = n > 0;
			continue;
		}
		if (gap && is_alnum(cp) && is_alnum(out[n - 1]) && n + 1 < max)
			out[n++] = ' ';
		gap = false;
		out[n++] = cp;
	}
	return n;
}

/* The next character of a word of our own, which is well formed: this is asked a hundred times per character. */
static uint32_t next_of(const unsigned char **s)
{
	const unsigned char *p = *s;

	if (p[0] < 0x80) {
		*s = p + 1;
		return p[0];
	}
	if (p[0] < 0xE0) {
		*s = p + 2;
		return (p[0] & 0x1FU) << 6 | (p[1] & 0x3FU);
	}
	*s = p + 3;
	return (p[0] & 0x0FU) << 12 | (p[1] & 0x3FU) << 6 | (p[2] & 0x3FU);
}

uint32_t rtext_has(const struct rtext *t, uint32_t i, const char *word)
{
	const unsigned char *s = (const unsigned char *)word;
	uint32_t from = i;

	while (*s) {
		if (i >= t->len || t->at[i].cp != next_of(&s))
			return 0;
		i++;
	}
	return i - from;
}

/* ---- what does not count ---- */

static uint32_t line_end(const struct rtext *t, uint32_t i)
{
	while (i < t->len && t->at[i].cp != '\n')
		i++;
	return i;
}

static uint32_t skip_blanks(const struct rtext *t, uint32_t i)
{
	while (i < t->len && is_blank(t->at[i].cp))
		i++;
	return i;
}

static void void_range(struct rtext *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (t->at[i].cp != '\n')
			t->at[i].is_void = true;
}

static bool line_has(const struct rtext *t, uint32_t from, uint32_t to, const char *word)
{
	for (uint32_t i = from; i < to; i++)
		if (rtext_has(t, i, word))
			return true;
	return false;
}

/* -----原始邮件-----, ----- Original Message -----, 在 … 写道:, On … wrote: */
static bool quote_begins(const struct rtext *t, uint32_t from, uint32_t to)
{
	bool rule = rtext_has(t, from, "--") || rtext_has(t, from, "__") || rtext_has(t, from, "==");

	if (rule && (line_has(t, from, to, "原始邮件") || line_has(t, from, to, "original message") ||
			    line_has(t, from, to, "原邮件")))
		return true;
	if (line_has(t, from, to, "写道:") && to - from < 100)
		return true;
	return rtext_has(t, from, "on ") && line_has(t, from, to, " wrote:") && to - from < 120;
}

/* 发件人: …, From: … */
static bool is_mail_head(const struct rtext *t, uint32_t i)
{
	static const char *const heads[] = {
		"发件人:",
		"收件人:",
		"主题:",
		"抄送:",
		"日期:",
		"发送时间:",
		"发送日期:",
		"时间:",
		"from:",
		"to:",
		"subject:",
		"cc:",
		"date:",
		"sent:",
		"回复:",
		"答复:",
		"转发:",
		"re:",
		"fw:",
		"fwd:",
	};

	for (size_t k = 0; k < ARRAY_LEN(heads); k++)
		if (rtext_has(t, i, heads[k]))
			return true;
	return false;
}

/* The subject of a mail that answers nothing belongs to what it says. */
static bool is_new_subject(const struct rtext *t, uint32_t i)
{
	static const char *const answers[] = { "回复", "re:", "答复", "转发", "fw", "自动" };
	uint32_t len = rtext_has(t, i, "主题:") + rtext_has(t, i, "subject:");

	i += len;
	i = skip_blanks(t, i);
	for (size_t k = 0; len > 0 && k < ARRAY_LEN(answers); k++)
		if (rtext_has(t, i, answers[k]))
			return false;
	return len > 0;
}

static bool is_sender_head(const struct rtext *t, uint32_t i)
{
	return rtext_has(t, i, "发件人:") || rtext_has(t, i, "from:");
}

static bool is_boilerplate(const struct rtext *t, uint32_t from, uint32_t to)
{
	static const char *const said[] = {
		"confidential",
		"intended recipient",
		"本邮件及其附件",
		"保密信息",
		"请勿打印",
		"发自我的",
		"sent from my",
		"从我的",
		"来自qq邮箱",
		"来自网易",
		"考虑环境",
		"virus-free",
		"请勿直接回复",
	};

	for (size_t k = 0; k < ARRAY_LEN(said); k++)
		if (line_has(t, from, to, said[k]))
			return true;
	return false;
}

/* 「张三: 土豆2件」 over a line of dashes: what a chat program quotes above an answer. */
static uint32_t chat_quote(const struct rtext *t, uint32_t i)
{
	uint32_t end, dash;

	if (t->at[i].cp != 0x300C)
		return 0;
	for (end = i; end < t->len && t->at[end].cp != 0x300D; end++)
		;
	if (end >= t->len)
		return 0;
	dash = end + 1;
	while (dash < t->len && (is_blank(t->at[dash].cp) || t->at[dash].cp == '\n'))
		dash++;
	return rtext_has(t, dash, "- - -") || rtext_has(t, dash, "---") ? line_end(t, dash) : 0;
}

void rtext_void(struct rtext *t, bool mail)
{
	bool body = false, quoted = false, signed_off = false;

	for (uint32_t from = 0, to; from < t->len; from = to + 1) {
		uint32_t i = skip_blanks(t, from), quote = chat_quote(t, i);

		to = quote ? quote : line_end(t, from);
		quoted = quoted || quote_begins(t, i, to) || (body && mail && is_sender_head(t, i));
		signed_off = signed_off || (mail && to - i <= 4 && rtext_has(t, i, "--"));
		if (mail && !body && !quoted && is_new_subject(t, i)) {
			void_range(t, from, i + (rtext_has(t, i, "主题:") ? 3 : 8));
			continue;
		}
		if (quote || quoted || signed_off || t->at[i].cp == '>' || is_boilerplate(t, i, to) ||
			(mail && is_mail_head(t, i)))
			void_range(t, from, to);
		else if (i < to)
			body = true;
	}
}
