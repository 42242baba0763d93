/* demo_inbox: what lies in the inbox of the demo company: chats, a mail, notes of a call; sure things and doubtful ones. */
#include "mod/customer/customer.h"
#include "mod/demo/demo.h"
#include "mod/intake/intake.h"

static const struct {
	const char *channel, *customer, *subject, *text;
	int minutes; /* ago */
} letters[] = {
	{ "chat", "C006", NULL, "老板明天早上送5件土豆，三箱西红柿，再来两斤半香菜，谢谢", 41 },
	{ "chat", "C013", NULL, "上海青十五斤\n菠菜20斤\n大葱两件\n豆腐要嫩的 明早5点前到", 36 },
	{ "phone", "C021", NULL, "老陈来电：照上次，土豆改成10件，茄子不要了，后天早上要", 30 },
	{ "email", "C034", "明日订货",
		"您好，\n\n请安排明天送货：\n1. 金龙鱼大豆油 10桶\n2. 东北大米 20袋\n3. 海天生抽 "
		"4箱\n\n送到后门，谢谢！\n\n食堂 刘师傅\n电话 199-0000-0134",
		27 },
	{ "chat", "C048", NULL, "苹果来十斤 要甜的", 19 },
	{ "chat", "C052", NULL, "昨天那批白菜有点烂，你们看看怎么处理", 15 },
	{ "chat", "C006", NULL, "土豆再加两件", 9 },
	{ "chat", "C067", NULL, "明天还有小龙虾吗？有的话来两件，价钱跟上次一样", 4 },
};

bool demo_inbox(struct ctx *c)
{
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		struct intake_raw raw = { .channel = letters[i].channel,
			.received_at = { c->now.us - letters[i].minutes * MINUTE_US },
			.subject = letters[i].subject,
			.text = letters[i].text };
		struct customer who;
		bool found, existed;
		int64_t id;

		if (!customer_find(c, letters[i].customer, &who, &found))
			return false;
		if (found) {
			raw.customer_id = who.id;
			raw.sender = who.phone;
			raw.sender_name = who.short_name != NULL ? who.short_name : who.name;
		}
		if (!intake_receive(c, &raw, &id, &existed))
			return false;
	}
	return true;
}
