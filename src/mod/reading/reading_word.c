/* The words of orders that are no goods: what is asked for, taken back, changed; thanks, payments, complaints. */
#include "mod/reading/reading_int.h"

#include "base/utf8.h"

#include <string.h>

/* Words of one kind, parted by blanks ('_' stands for a blank inside a word). */
static const struct {
	enum word word;
	const char *said;
} vocabulary[] = {
	{ W_UNSURE, "我这还有 我这里还有 家里还有 店里还有 我店还有 这边还有 仓库还有 库里还有 库存 还剩 还剩下 剩下 "
		    "还够 够了" },
	{ W_ORDER, "刚下的单里 刚才那单里 那单里 上一单里 这单里" },
	{ W_FILL, "前面的 上面的 前面 刚刚 刚" },
	{
		W_FILL,
		"喂 老板 老板娘 老板们 啊 那个 这个 那 这 呢 吧 哈 哦 噢 嗯 嗯嗯 呀 哎 诶 哟 嘛 啦 咯 呗 喔 额 呃 然后 "
		"对了 啊对了 就是 就 先 也 再给 "
		"给我 给我们 给俺 给咱 给店里 帮我 帮我们 帮俺 帮忙 帮 麻烦 麻烦你 麻烦您 请 请给 请帮 请您 请于 给 来 "
		"送 送来 送到 送过来 送过去 送一下 送下 "
		"拿 拿来 要 需要 想要 我要 我们要 还是要 也要 也来 也送 要的 订 订购 订货 采购 下单 报单 报货 清单 "
		"如下 以下 发货 发来 配送 配货 备货 "
		"安排 安排一下 就这些 就这些了 就这样 就这么多 暂时就这些 先这些 没了 没有了 完了 其中 共计 另外 另 "
		"此外 还有 还 外加 第一 第二 第三 首先 "
		"最后 嗯好 那就 我 我们 我家 店里 我店 你们 你 您 他 她 咱 咱们 有劳 拜托 记得 一定 务必 快点 "
		"尽快 尽量 早点 准时 到货 到店 到哈 "
		"里面 里头 进货 补货单 要货 要货单 订货单 用料 用料单 用料如下 所需 货品 需求 需要的 上面的 下面的 "
		"下面 的话是 改单 "
		"要送 要来 来点儿 留 留着 给留 给我留 先给我留 帮我留 预留 预订 预定 定 请准备 准备 分别 单独 一起 "
		"一块儿 都 都是 "
		"please send need want order for us we the and of with also some our me i would like to "
		"could you can deliver delivery hi hello dear team thanks thank regards best kind cheers ok okay note "
		"following below items item for_us as_follows",
	},
	{ W_CANCEL, "no" },
	{
		W_FILL,
		"this_time",
	},
	{ W_ADD, "多 多一点 多点 多些 加一点 加点" },
	{ W_REDUCE, "少一点 少点 少些" },
	{ W_FILL,
		"来个 但是 但 不过 可是 那种 这种 一种 多来点 多来些 多送点 多要点 多拿点 来点 要点 把 是 一下 一下子 "
		"一起 一直 一般 一会 一会儿 统一 一家 "
		"里面 "
		"现在 马上 立刻 立即 赶紧 赶快 过来 过去 上来 一趟 这里 那里 到 放 去 过 到后厨 到后门 到门口 到食堂 "
		"后厨 后门 门口 厨房 前台 楼下 楼上 "
		"祝好 此致 敬礼 顺祝 备注 备注: 其它 其他 改一下 要改 店里要 急 哈哈 谢" },
	{ W_COMPLAINT, "退 退了 退掉 要退" },
	{ W_PAY, "账 的账 转账了" },
	{ W_MERCY, "的 了 个 吗 么 儿 地 得" },
	{ W_AND, "和 跟 与 及 以及 加上 plus and & + 还有" },
	{ W_ADD, "再加 多加 加 再来 追加 补 补单 再补 补上 补送 增加 增 添 添加 还要 还需 还需要 再要 再送 再拿 再订 "
		 "多送 多来 多要 多拿 加单 加订 加送 再加上 另加 加多 "
		 "再多加 再多来 再添 add more extra" },
	{ W_REDUCE, "减 减少 减掉 减去 少 少送 少来 少要 少拿 扣 扣掉 减单 再减 less reduce minus" },
	{ W_CANCEL, "别放 别放了 不放 不放了 不要 不要了 不用 不用了 不用送 不用送了 不需要 不需要了 取消 取消了 "
		    "取消掉 去掉 去了 删掉 删除 "
		    "删了 划掉 划了 别送 别送了 不送 不送了 免了 撤掉 撤单 "
		    "先不要 先不要了 暂时不要 就不要 就不要了 别要 别要了 不订 不订了 不拿 不拿了 停送 先停 这次不要 "
		    "这次不要了 不加了 不定了 不来了 "
		    "cancel no_more remove without drop" },
	{ W_SET, "改成 改为 改到 换成 换为 变成 变为 调整为 调整成 调成 调到 调为 改 加到 减到 减为 减成 增加到 减少到 "
		 "更改为 更正为 换到 改要 实际要 change_to to_be" },
	{ W_SWAP, "换 替换 代替" },
	{ W_WAS, "由 从 原来 原先 本来 之前是 原定 原 昨天报的 前面说的 刚才说的 不是" },
	{ W_EACH, "各 各来 各要 各送 各拿 各订 每样 每样来 每样要 每种 每种来 各自 均 都来 都要 都送 都拿 统一 "
		  "每个品种 各个 一样来 each" },
	{ W_DITTO, "同上 同前 同上面 一样多 也一样 〃 同样数量 同样多 同上一样 ditto" },
	{ W_KEEP, "其它不变 其他不变 其余不变 别的不变 其它不动 其他不动 其余不动 别的不动 其他没问题 其它没问题 "
		  "其余没问题 别的没问题 其他的不变 其它的不变 其余的不变 "
		  "其他都不变 其它都不变 别的都不变 其他按原来的 其余照原单 其他的没问题 剩下的不变 其他正常 其它正常 "
		  "别的正常 其他正常送 其余正常 其他都要 其余都要" },
	{ W_ALL, "全部 所有 全都 都 整单 整个单 全单 那单 这单 整张单 上一单 刚才那单 刚下的单 all everything" },
	{ W_ORDER,
		"货 单 订单 单子 货单 清单 附件 单子里 订单里 单里 清单里 单子里面 单子上 单上 照单 order the_order" },
	{ W_ASK, "什么价 什么价格 什么价钱 啥价 啥价格 多少钱 多少钱一斤 多少一斤 多少一件 多少 怎么卖 咋卖 怎么个卖法 "
		 "价格多少 价多少 几块 几块钱 几多钱 么价 么价钱 有吗 还有吗 "
		 "有没有 有没得 有货吗 有货没 有货没有 没有吧 有不 有不有 有么 有卖的吗 卖不卖 有卖吗 能不能 可不可以 "
		 "可以吗 能送吗 能不能送 到了吗 到了没 到货没 几点 几点到 "
		 "几点能到 什么时候 啥时候 多久 多会儿 为什么 为啥 怎么 怎么样 怎样 咋样 咋 哪里 哪个 哪种 哪款 哪天 "
		 "哪儿 好不好 对吗 是不是 有无 还有没有 还有多少 有多少 新鲜吗 甜不甜 "
		 "好吃吗 报个价 报价 报下价 问下 问一下 请问 想问 想问一下 问问 价格是 最低多少 还卖 涨价了吗 降价了吗 "
		 "贵不贵 是多少 谁 啥 吗? 么? how_much price do_you_have is_there "
		 "available what when why how any_chance_of" },
	{ W_OK, "行不行 行吗 行不 可以不 可以吗 好吗 中不中 成不成 成吗 得不得 能便宜吗 便宜点 便宜些 便宜一点 "
		"再便宜点 能少吗 少算点 优惠点 打个折 打折 抹零 能不能便宜 能便宜点吗 好不 ok吗 okay?" },
	{ W_IF, "的话 便宜的话 便宜就 如果 要是 假如 若是 倘若 有的话 没有就 没有就不要 没有就算了 没有的话 没有就换 "
		"没货就 没货 缺货 不然 否则 贵就算了 贵就不要 贵就 "
		"合适 合适就 看情况 到时候再说 有就 有就送 有就来 有的就 除非 万一 酌情 看着办 看着给 随便 if "
		"in_case" },
	{ W_ABOUT, "左右 上下 差不多 大概 大约 可能 估计 约 不超过 about around approx approximately roughly" },
	{ W_FEW, "一点 一点点 一些 些 点 少许 适量 若干 几样 有点 少量 好多 很多 some few" },
	{ W_PAY, "货款 转账 转过去 转过去了 转了 转你 转给你 付了 付款 已付 已付款 已转 打款 打了 打过去 汇款 收款 "
		 "查收 查收一下 余额 欠款 欠账 结账 结清 结一下 对账 对账单 发票 开票 尾款 "
		 "定金 订金 押金 账单 月结 现结 微信转 支付宝 收钱 收到款 付清 补差价 差价 红包 报销 paid payment "
		 "invoice transfer" },
	{ W_COMPLAINT, "烂了 烂 坏了 坏的 坏掉 臭了 臭的 发臭 发芽 芽都 不新鲜 变质 过期 发霉 霉了 少送了 送少了 漏送 "
		       "漏了 送错 送错了 错了货 退货 退款 退回 换货 投诉 怎么搞 怎么搞的 搞什么 太差 差劲 缺斤 "
		       "短斤 少称 没送到 没收到 还没到 还没送 怎么还没 破了 死了 死的 冻坏 压坏 质量 虫子 有虫 黄了 "
		       "蔫了 不行啊 不满意 生气 少了 缺了 差了 短了 上次送的 昨天送的 今天送的 今天送来的 昨天送来的 "
		       "太老了 太小了 品质 rotten bad broken missing complaint refund" },
	{ W_POLITE, "谢谢 谢谢老板 谢了 多谢 感谢 谢谢了 谢谢啊 辛苦 辛苦了 收到 收到了 收到货了 已收到 好的 好 好嘞 "
		    "好滴 行 可以 没问题 知道了 明白 ok了 对 对的 是的 没错 嗯啦 早上好 早 晚上好 中午好 下午好 你好 "
		    "您好 大家好 "
		    "晚安 再见 拜拜 新年快乐 周末愉快 节日快乐 哈哈 呵呵 不好意思 抱歉 打扰了 打扰 辛苦啦 麻烦了 "
		    "拜托了 thx good_morning good_evening good_afternoon received" },
	{ W_TOTAL, "合计 总计 总共 共计 一共 小计 共 总数 合共 总金额 总价 总额 金额 total subtotal sum grand_total" },
	{ W_REMARK,
		"杀好 杀了 宰好 杀好洗净 洗净 洗干净 切块 切片 切丝 切段 剁块 剁小块 剁好 剁碎 斩件 斩块 去皮 去骨 "
		"去头 去毛 去鳞 打鳞 去内脏 带皮 带泥 带骨 煲汤 煲汤用 炒菜用 绞碎 打碎 "
		"新鲜 新鲜的 新鲜点 新鲜一点 新鲜些 好的 好点的 嫩点 嫩一点 老一点 大一点 大点的 小一点 小点的 大个的 "
		"小个的 熟一点 生一点 红一点 红透的 大的 小的 嫩的 老的 干净的 干净点 净菜 分开装 分开 单独装 "
		"加冰 冰鲜 活的 现杀 真空 散装的 急用 加急 急要 自提 赠品 试用 员工餐 婚宴用 婚宴 食堂用 烧烤用 火锅用 "
		"打边炉 质量好点 挑好的 挑好 选好的 包好 装好 fresh large small ripe" },
	{ W_WANT, "要新鲜 别给 别拿 不能有 不能 不要太 别太 不能太 不要有 要带 不要带 别要 要大 要小 要红 要嫩 要好 "
		  "要挑 要干净 要鲜 要熟 "
		  "要生 要厚 要薄 要活 要切 要杀 要去 要分" },
	{ W_PER, "每条 每个 每只 每块 每根 每包 每袋 单条 单只 单个 一条 个头" },
	{ W_PRICE, "按昨天的价 按昨天价 按上次的价 按上次价 按老价 按老价格 按原价 按合同价 按合同 老价 老价钱 老价格 "
		   "原价 照上次的价 照昨天的价 同昨天价 跟上次一个价 跟昨天一个价 价格一样 价格同上 价格照旧 价照旧 "
		   "按今天的价 "
		   "按市场价 随行就市 老价位" },
	{ W_PICTURE, "[图片] [语音] [视频] [文件] [小程序] [链接] [位置] [照片] [动画表情] [聊天记录] [image] [photo] "
		     "[voice] [video] [file]" },
	{ W_WRONG, "不对 哦不 不不 说错了 打错了 写错了 更正 更正一下 纠正 看错了 算错了 不对不对 sorry oops" },
	{ W_UNSURE, "好像 或者 或 还是 要么 不确定 待定 再说 看看 考虑 可能要 大概要 也许 暂定 先问问 不知道 等我消息 "
		    "等通知 等下再说 maybe or" },
	{ W_VOIDED, "发错了 发错群了 发错群 以这个为准 以此为准 以下为准 以这条为准 为准 作废 上面的作废 前面的作废 "
		    "不算 不算数 刚才那个 刚才那条 刚才的 上一条" },
	{ W_HEAD, "品名 商品 商品名称 名称 货品名称 产品 产品名称 品种 货号 编码 商品编码 编号 条码 条形码 规格 "
		  "规格型号 型号 数量 订货数量 订购数量 件数 箱数 需求量 单位 计量单位 单价 备注 说明 序号 产地 类别 "
		  "分类 sku code product name qty quantity unit spec remark remarks" },
};

struct names *words_new(struct arena *keep)
{
	struct names *n = names_new(keep);

	for (size_t k = 0; k < ARRAY_LEN(vocabulary); k++) {
		char *rest = arena_strdup(keep, vocabulary[k].said), *one;

		while ((one = strsep(&rest, " ")) != NULL) {
			for (char *p = one; *p; p++)
				*p = *p == '_' ? ' ' : *p;
			names_add_str(n, one, (uint32_t)k);
		}
	}
	names_finish(n);
	return n;
}

enum word word_of(uint32_t ref)
{
	return vocabulary[ref].word;
}

/* ---- pictures and foreign words: offered, never taken for sure ---- */

const char *word_emoji(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		const char *name;
	} signs[] = { { 0x1F345, "西红柿" }, { 0x1F954, "土豆" }, { 0x1F952, "黄瓜" }, { 0x1F955, "胡萝卜" },
		{ 0x1F33D, "甜玉米" }, { 0x1F346, "茄子" }, { 0x1F966, "西兰花" }, { 0x1F9C4, "大蒜" },
		{ 0x1F9C5, "洋葱" }, { 0x1F34E, "苹果" }, { 0x1F34F, "苹果" }, { 0x1F34C, "香蕉" }, { 0x1F34A, "橘子" },
		{ 0x1F34B, "柠檬" }, { 0x1F347, "阳光玫瑰" }, { 0x1F349, "西瓜" }, { 0x1F353, "草莓" },
		{ 0x1F352, "车厘子" }, { 0x1F34D, "菠萝" }, { 0x1F96D, "芒果" }, { 0x1F95A, "鸡蛋" },
		{ 0x1F413, "老母鸡" }, { 0x1F414, "老母鸡" }, { 0x1F986, "白条鸭" }, { 0x1F41F, "草鱼" },
		{ 0x1F990, "基围虾" }, { 0x1F969, "牛肉" }, { 0x1F357, "鸡腿" }, { 0x1F37A, "啤酒" },
		{ 0x1F95B, "牛奶" }, { 0x1F344, "香菇" }, { 0x1F336, "辣椒" }, { 0x1FAD1, "青椒" },
		{ 0x1F951, "牛油果" }, { 0x1F350, "梨" }, { 0x1F95C, "花生米" }, { 0x1F35A, "大米" }, { 0x1F4A7, "水" },
		{ 0x1F96C, "大白菜" }, { 0x1F360, "红薯" }, { 0x1F965, "椰青" }, { 0x1F95D, "猕猴桃" },
		{ 0x1F95F, "水饺" }, { 0x1F9C2, "盐" }, { 0x1F964, "可乐" }, { 0x1F35C, "面条" }, { 0x1F953, "五花肉" },
		{ 0x1F9C8, "黄油" }, { 0x1F35F, "薯条" }, { 0x1F99E, "基围虾" } };

	for (size_t k = 0; k < ARRAY_LEN(signs); k++)
		if (signs[k].cp == cp)
			return signs[k].name;
	return NULL;
}

const char *word_english(const char *word)
{
	static const char *const pairs[][2] = { { "potato", "土豆" }, { "tomato", "西红柿" },
		{ "cherry tomato", "小番茄" }, { "onion", "洋葱" }, { "carrot", "胡萝卜" }, { "garlic", "大蒜" },
		{ "ginger", "生姜" }, { "cucumber", "黄瓜" }, { "eggplant", "茄子" }, { "aubergine", "茄子" },
		{ "broccoli", "西兰花" }, { "cauliflower", "花菜" }, { "cabbage", "包菜" },
		{ "chinese cabbage", "大白菜" }, { "spinach", "菠菜" }, { "lettuce", "生菜" }, { "celery", "芹菜" },
		{ "coriander", "香菜" }, { "cilantro", "香菜" }, { "pumpkin", "南瓜" }, { "corn", "玉米" },
		{ "mushroom", "香菇" }, { "egg", "鸡蛋" }, { "beef", "牛肉" }, { "pork", "猪肉" },
		{ "pork belly", "五花肉" }, { "chicken breast", "鸡胸肉" }, { "chicken wing", "鸡翅" },
		{ "chicken leg", "鸡腿" }, { "shrimp", "基围虾" }, { "prawn", "基围虾" }, { "salmon", "三文鱼" },
		{ "rice", "大米" }, { "flour", "面粉" }, { "noodle", "面条" }, { "sugar", "白糖" }, { "salt", "盐" },
		{ "soy sauce", "生抽" }, { "vinegar", "白醋" }, { "oil", "大豆油" }, { "milk", "牛奶" },
		{ "butter", "黄油" }, { "cream", "淡奶油" }, { "mozzarella", "马苏里拉" }, { "beer", "啤酒" },
		{ "water", "水" }, { "cola", "可乐" }, { "coke", "可乐" }, { "apple", "苹果" }, { "banana", "香蕉" },
		{ "orange", "橙子" }, { "lemon", "柠檬" }, { "lime", "青柠" }, { "grape", "阳光玫瑰" },
		{ "watermelon", "西瓜" }, { "strawberry", "草莓" }, { "mango", "芒果" }, { "pineapple", "菠萝" },
		{ "avocado", "牛油果" }, { "fries", "薯条" }, { "french fries", "薯条" }, { "dumpling", "水饺" },
		{ "tofu", "豆腐" }, { "peanut", "花生米" }, { "duck", "白条鸭" }, { "spring onion", "小葱" },
		{ "scallion", "小葱" }, { "leek", "大葱" }, { "bell pepper", "青椒" }, { "pepper", "胡椒粉" },
		{ "chili", "小米椒" }, { "sweet potato", "红薯" }, { "yam", "山药" }, { "radish", "白萝卜" },
		{ "pear", "梨" }, { "kiwi", "猕猴桃" }, { "blueberry", "蓝莓" }, { "cherry", "车厘子" },
		{ "coconut", "椰青" }, { "tissue", "抽纸" }, { "yeast", "酵母" }, { "ketchup", "番茄沙司" },
		{ "mayonnaise", "沙拉酱" } };
	size_t len = strlen(word);

	for (size_t k = 0; k < ARRAY_LEN(pairs); k++) {
		size_t own = strlen(pairs[k][0]);

		if (strncmp(word, pairs[k][0], own) == 0 &&
			(len == own || strcmp(word + own, "s") == 0 || strcmp(word + own, "es") == 0))
			return pairs[k][1];
		if (own > 3 && pairs[k][0][own - 1] == 'y' && strncmp(word, pairs[k][0], own - 1) == 0 &&
			strcmp(word + own - 1, "ies") == 0)
			return pairs[k][1];
	}
	return NULL;
}

/* ---- goods of the trade that are no misspelling of others: they sound like them ---- */

struct names *foods_new(struct arena *keep)
{
	static const char *const foods[] = {
		"李子 鲑鱼 鸡颈 酱 龟鱼 油菜 紫薯 桃子 杏子 枣子 鲤鱼 鲢鱼 鲶鱼 黄鱼 带子 鱿鱼 墨鱼 章鱼 牛蛙",
		"甲鱼 螃蟹 大闸蟹 生蚝 扇贝 海参 鲍鱼 鸭血 猪血 猪肝 猪肚 猪蹄 猪耳 猪肉 羊排 羊腿 鸡杂 鸡肝 鸡心",
		"鸡胗 鸭胗 鸭头 鸭掌 鸭翅 鹅肝 腊肉 腊肠 香肠 火腿 培根 午餐肉 酸菜 泡菜 梅菜 雪菜 芥菜 荠菜 苋菜",
		"芝麻菜 罗勒 薄荷 紫苏 芦笋 竹笋 冬笋 春笋 笋 荸荠 马蹄 菱角 莲子 百合 芡实 薏米 黑米 燕麦 荞麦",
		"高粱 豌豆 蚕豆 扁豆 芸豆 刀豆 红枣 桂圆 荔枝 龙眼 枇杷 杨梅 樱桃 石榴 火参果 百香果 木瓜 香瓜",
		"甜瓜 佛手瓜 节瓜 毛瓜 西柚 葡萄 提子 蜂蜜 红糖 味噌 芥末 咖喱 蜜枣 金橘 青豆 老鸡 土鸡 乌鸡 鸽子",
		"鹌鹑 鸭子 鹅 兔子 驴肉 马肉 鹿肉 馕 馒头 包子 花卷 豆浆 豆渣 豆豉 腐乳 臭豆腐 冻豆腐 豆皮 面筋",
		"烤麸 凉粉 凉皮 粉皮 粉肠 肥肠 大肠 黄喉 鸭肠 脑花 鸡米花 鸡块 鸡柳 咸菜 榨汁 白酒 黄酒 红酒 雪碧",
		"芬达 酸奶 奶酪 奶油 炼乳 椰浆 果酱 辣酱 甜面酱 黄豆酱 蒜蓉酱 沙茶酱 烧烤酱 盐菜 干菜 蕨菜 笋干",
		"豆角干 萝卜干 虾米 海米 干贝 瑶柱 鱼干 鱼籽 鱼头 鱼片 鱼肚 鱼皮 泥鳅 田螺 螺蛳 河蚌 蛏子 血蛤",
		"青口 皮皮虾 龙虾 小龙虾 罗氏虾 明虾 对虾 河虾 青蟹 梭子蟹 海带 裙带菜 石花菜 发菜 葱头 芥蓝",
		"菊花菜 番石榴 莲雾 山竹 榴梿 人参果 柚 桔梗 沙棘 山楂 栗子 板栗 核桃 杏仁 腰果 开心果 瓜子 松子",
		"夏威夷果 竹荪 猴头菇 羊肚菌 牛肝菌 草菇 鸡枞 秀珍菇 海鲜菇 茶叶 咖啡 奶茶 可可 面包 蛋糕 饼干",
		"薯片 方便面 米线 河粉 肠粉 粽子 烧麦 春卷 馄饨 抄手 元宝 汤包 烧饼 煎饼 麻花 油饼 发糕 米糕 糍粑",
		"凉糕 豆沙 莲蓉 椰果 仙草 西米 珍珠果 芋圆 红茶 花茶 菊花 金银花 胖大海 山药片 葛根 葛粉 藕粉",
		"藕带 藕尖 莼菜 马兰头 马齿苋 蒲公英 折耳根 鱼腥草 香椿 豆腐渣 豆腐脑 豆腐花 血豆腐 千叶豆腐",
		"日本豆腐 玉子豆腐 素鸡 素肉 面条鱼 银鱼 刀鱼 鳗鱼 鲳鱼 多宝鱼 石斑鱼 金枪鱼 鳕鱼 秋刀鱼 青鱼",
		"鲢鳙 花鲢 白鲢 胖头鱼 财鱼 黑鱼 乌鱼 鲟鱼 罗非鱼 江团 鮰鱼 翘嘴 米虾 虾干 虾球 虾滑 虾饺 蟹黄",
		"蟹肉 蟹粉 鱼糕 鱼糜 鱼滑 鱼排 牛排 牛肉干 牛杂 牛肚 牛筋 牛舌 牛尾 牛骨 牛油 羊杂 羊蝎子 羊肉串",
		"猪皮 猪油 猪脚 猪手 猪尾 猪腰 猪心 猪肺 猪头肉 猪大骨 猪脊骨 龙骨 扇骨 梅花肉 里脊条 肉丸 肉饼",
		"肉片 肉丝 腊鱼 腊鸭 板鸭 烤鸭 酱鸭 咸鸭 卤鸭 鸭架 鸭肝 鸭心 鸡架 鸡皮 鸡脖 鸡骨架 鸡翅尖 鸡软骨",
		"鸡丁 鸡排 老鸭 童子鸡 鸡公 公鸡 土鸡蛋 柴鸡蛋 鸽子蛋 鹅蛋 茶叶蛋 卤蛋 醋 米醋 香醋 苹果醋 味极鲜",
		"蒸鱼汁 鲍汁 辣椒油 辣椒酱 豆豉酱 老干妈 香辣酱 排骨酱 海鲜酱 五香粉 十三香 咖喱粉 沙姜 良姜 丁香",
		"白芷 陈皮 甘草 罗汉果 当归 党参 黄芪 淮山 玉竹 百里香 迷迭香 欧芹 刁草 薄荷叶 柠檬草 香茅 芝士片",
		"奶酪片 酥油 起酥油 玉米油 葵花籽油 橄榄油 茶油 茶籽油 棕榈油 亚麻籽油 核桃油 红油 料油 糖 红砂糖",
		"绵白糖 糖浆 麦芽糖 果糖 代糖 小苏打 泡打粉 吉士粉 明胶 琼脂 魔芋丝 魔芋结 面筋泡 宽面 刀削面",
		"乌冬面 荞麦面 意大利面 通心粉 拉面 手擀面 凉面 米饭 糙米 红米 紫米 泰国香米 玉米面 玉米碴 黄豆面",
		"绿豆面 一次性手套 手套 垃圾袋 吸管 纸杯 塑料杯 勺子 牙签 牙签筒 锡纸 油纸 烘焙纸 洗洁精 洗手液",
		"洗衣粉 拖把 扫把 抹布 钢丝球 围裙 厨师帽 打火机 火柴 酒精 固体酒精 木炭 煤气 雪糕 冰淇淋 冰块",
		"冰棍 椰子汁 王老吉 加多宝 红牛 脉动 农夫山泉 怡宝 娃哈哈 百岁山 康师傅 矿泉水桶",
	};
	struct names *n = names_new(keep);

	for (size_t k = 0; k < ARRAY_LEN(foods); k++) {
		char *rest = arena_strdup(keep, foods[k]), *one;

		while ((one = strsep(&rest, " ")) != NULL)
			names_add_str(n, one, 0);
	}
	names_finish(n);
	return n;
}

/* ---- 照旧 in all its forms ---- */

static uint32_t any_of(const struct rtext *t, uint32_t i, const char *const *words, size_t len)
{
	uint32_t best = 0;

	for (size_t k = 0; k < len; k++) {
		uint32_t n = rtext_has(t, i, words[k]);

		best = n > best ? n : best;
	}
	return best;
}

/* 照旧, 老样子; or 跟 + 上次 + 一样, where things like 的单子 may stand between. A price that is as before is none. */
uint32_t repeat_at(const struct rtext *t, uint32_t i)
{
	static const char *const whole[] = { "照旧", "老样子", "老规矩", "照常", "照老样", "老单子", "按老单", "还那样",
		"还是那些", "跟平时一样", "常规", "照样来", "same as usual", "same as last time", "same as yesterday",
		"the usual", "as usual", "same order", "same again", "usual order", "as last time", "老样", "老一套",
		"同往常", "照旧单" };
	static const char *const lead[] = { "跟", "和", "同", "按", "照", "按照", "依照", "与", "还跟", "还是跟",
		"还按", "就按", "就照", "就跟" };
	static const char *const before[] = { "上次", "上回", "上一次", "上一单", "昨天", "昨日", "昨晚", "前天",
		"之前", "以前", "平时", "平常", "往常", "前几天", "上周", "上个周", "昨儿", "以往" };
	static const char *const between[] = { "的", "那个", "那张", "这个", "单子", "订单", "清单", "货单", "单", "量",
		"菜单", "再", "给我", "给我们", "完全", "都", "送的", "订的", "报的", "要的", "点的", "那样", "货",
		"菜" };
	static const char *const end[] = { "一样", "一样的", "一模一样", "再来一份", "来一份", "再来一遍", "再送一份",
		"再送一次", "来", "送", "送货", "发", "来一遍", "再来一次", "相同", "照旧", "不变", "下单", "配货",
		"备货", "走", "再来一单" };
	uint32_t from = i, len = any_of(t, i, whole, ARRAY_LEN(whole)), first, step;
	bool order = false;

	if (len > 0)
		return rtext_has(t, i + len, "价") || rtext_has(t, i + len, "的价") ? 0 : len;
	first = any_of(t, i, lead, ARRAY_LEN(lead));
	i += first;
	len = any_of(t, i, before, ARRAY_LEN(before));
	if (len == 0)
		return 0;
	i += len;
	while ((step = any_of(t, i, between, ARRAY_LEN(between))) > 0) {
		order = order || rtext_has(t, i, "单") || rtext_has(t, i, "订单") || rtext_has(t, i, "清单") ||
			rtext_has(t, i, "量");
		i += step;
	}
	len = any_of(t, i, end, ARRAY_LEN(end));
	if (len > 1)
		len += any_of(t, i + len, end, ARRAY_LEN(end)); /* 一样的, 再来一份 */
	/* 昨天送的土豆 is a complaint, 上次的价 a price. */
	if (len == 1 && !order && !(first && rtext_has(t, i, "来")))
		return 0;
	if (len > 0)
		return i + len - from;
	return first && order ? i - from : 0;
}
