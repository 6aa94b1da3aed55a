/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `collection`: POST makes a new item, the server names it, and from then on it
 * is a document of its own. A POST that is sent again makes a second one, unless the collection
 * looks at what it has. */
#include "rt-resource-kinds.h"

#include "rt-content-demand.h"
#include "rt-document.h"
#include "rt-json-value.h"
#include "rt-methods.h"
#include "rt-representation.h"

#define STAGE_COMMIT 1
#define STAGE_ANSWER 2

#define ITEMS_MAX 10000
/* Of all items together. */
#define BYTES_MAX (64 * 1024 * 1024)

typedef enum
{
  AGAIN_DUPLICATE,
  AGAIN_REUSE,
  AGAIN_REFUSE,
} Again;

static const char *const agains[] = { "duplicate", "reuse", "refuse", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "items", RT_SETTING_LIST, "", NULL, "content of the items at the beginning: PATH/1, PATH/2, …" },
  { "content-type", RT_SETTING_TEXT, "application/json", NULL, "media type of the items at the beginning, and of new ones that do not say theirs" },
  { "validators", RT_SETTING_CHOICE, "both", rt_validator_choices, "what names the versions of an item to clients" },
  { "on-retry", RT_SETTING_CHOICE, "duplicate", agains, "a POST of content that an item has already: makes another; gives the one there is with 200; is refused with 409" },
  { "needs", RT_SETTING_LIST, "", NULL, "members that a new item must have, and behind each one's name, if that counts, what it has to be: `text`, `date`, or a range of whole numbers such as `1-8`. 415 where it is not JSON, 400 where that cannot be read, 422 where one is missing or cannot be so", rt_content_demand_check_needs },
  { "type-status", RT_SETTING_CHOICE, "415", rt_content_demand_statuses, "with `needs`: the status for another format" },
  { "syntax-status", RT_SETTING_CHOICE, "400", rt_content_demand_statuses, "… for what cannot be read" },
  { "members-status", RT_SETTING_CHOICE, "422", rt_content_demand_statuses, "… for members that are missing or cannot be so" },
  { "errors", RT_SETTING_CHOICE, "text", rt_content_demand_forms, "with `needs`: what is wrong is said in a sentence, or in problem details: with the byte at which reading ended, or all members that cannot be so" },
  { "put-creates", RT_SETTING_BOOLEAN, "false", NULL, "a PUT below makes an item of the client's own name" },
  { "commit-delay", RT_SETTING_DURATION, "0s", NULL, "time that making an item takes" },
  { "answer-delay", RT_SETTING_DURATION, "0s", NULL, "time between that and the answer" },
  { "drop", RT_SETTING_NUMBER, "0", NULL, "so many first items are made without an answer: the connection is closed" },
};
/* clang-format on */

typedef struct
{
  char *name; /* what follows PATH/ */
  gpointer document;
} Item;

typedef struct
{
  char *path, *content_type;
  GVariant *item_settings;
  GPtrArray *items; /* Item */
  guint64 last;
  guint64 version;
  Again again;
  RtContentDemand *demand;
  char **initial;
  gboolean put_creates;
  RtTime commit_delay, answer_delay;
  gint64 drop;
} Collection;

static void
item_free (gpointer data)
{
  Item *item = data;

  rt_document_kind.free (item->document);
  g_free (item->name);
  g_free (item);
}

static void
collection_free (gpointer self)
{
  Collection *collection = self;

  g_ptr_array_unref (collection->items);
  g_variant_unref (collection->item_settings);
  rt_content_demand_free (collection->demand);
  g_strfreev (collection->initial);
  g_free (collection->path);
  g_free (collection->content_type);
  g_free (collection);
}

/* An item that has no content yet. */
static Item *
add_item (Collection *collection, const char *name)
{
  Item *item = g_new0 (Item, 1);
  const char *slash = g_str_has_suffix (collection->path, "/") ? "" : "/";
  g_autofree char *path = g_strconcat (collection->path, slash, name, NULL);
  const RtGiven given
      = { rt_document_kind.settings, rt_document_kind.n_settings, collection->item_settings };

  item->name = g_strdup (name);
  item->document = rt_document_kind.create (path, &given, NULL);
  g_ptr_array_add (collection->items, item);
  collection->version++;
  return item;
}

static Item *
add_numbered (Collection *collection)
{
  g_autofree char *name = g_strdup_printf ("%" G_GUINT64_FORMAT, ++collection->last);

  return add_item (collection, name);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Collection *collection = g_new0 (Collection, 1);
  g_autofree char *validators = rt_given_dup_text (given, "validators");

  collection->path = g_strdup (path);
  collection->content_type = rt_given_dup_text (given, "content-type");
  collection->item_settings = g_variant_ref_sink (g_variant_new_parsed (
      "{'content-type': <%s>, 'validators': <%s>}", collection->content_type, validators));
  collection->items = g_ptr_array_new_with_free_func (item_free);
  collection->again = (Again)rt_given_get_choice (given, "on-retry");
  collection->demand = rt_content_demand_new (given);
  collection->put_creates = rt_given_get_boolean (given, "put-creates");
  collection->commit_delay = rt_given_get_number (given, "commit-delay");
  collection->answer_delay = rt_given_get_number (given, "answer-delay");
  collection->drop = rt_given_get_number (given, "drop");
  collection->initial = rt_given_dup_list (given, "items");
  return collection;
}

static void
show (const Collection *collection, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  gint64 n = 0;

  for (guint i = 0; i < collection->items->len; i++)
    {
      const Item *item = g_ptr_array_index (collection->items, i);

      n += rt_document_get_content (item->document) != NULL ? 1 : 0;
    }
  g_variant_builder_add (&state, "{sv}", "items", g_variant_new_int64 (n));
  rt_effects_state (out, "collection", collection->path, g_variant_builder_end (&state));
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  Collection *collection = self;

  for (guint i = 0; collection->initial[i] != NULL; i++)
    {
      Item *item = add_numbered (collection);
      g_autoptr (GBytes) content
          = g_bytes_new (collection->initial[i], strlen (collection->initial[i]));

      rt_document_set (item->document, content, NULL, now, out);
    }
  show (collection, out);
}

static char *
dup_item_path (const Collection *collection, const Item *item)
{
  return g_strconcat (collection->path, g_str_has_suffix (collection->path, "/") ? "" : "/",
                      item->name, NULL);
}

/* Its items, as JSON: for people and scripts to go on from. */
static GBytes *
dup_list (const Collection *collection)
{
  GString *list = g_string_new ("[");

  for (guint i = 0; i < collection->items->len; i++)
    {
      const Item *item = g_ptr_array_index (collection->items, i);
      g_autofree char *path = dup_item_path (collection, item);

      if (rt_document_get_content (item->document) == NULL)
        continue;
      g_string_append (list, list->len > 1 ? ",\n  {\"href\": " : "\n  {\"href\": ");
      rt_json_append_string (list, rt_text (path));
      g_string_append_c (list, '}');
    }
  g_string_append (list, "\n]\n");
  return g_string_free_to_bytes (list);
}

static void
answer_list (const Collection *collection, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_autoptr (GBytes) list = dup_list (collection);
  g_autofree char *etag = g_strdup_printf ("\"list-%" G_GUINT64_FORMAT "\"", collection->version);

  rt_reply_with_representation (
      reply,
      &(RtRepresentation){ .content = list, .content_type = "application/json", .etag = etag },
      call, out);
}

/* Making items. */

static gboolean
has_room (const Collection *collection, GBytes *content)
{
  gsize total = content != NULL ? g_bytes_get_size (content) : 0;

  for (guint i = 0; i < collection->items->len; i++)
    {
      const Item *item = g_ptr_array_index (collection->items, i);
      GBytes *there = rt_document_get_content (item->document);

      total += there != NULL ? g_bytes_get_size (there) : 0;
    }
  return total <= BYTES_MAX && collection->items->len < ITEMS_MAX;
}

static Item *
find_equal (const Collection *collection, GBytes *content)
{
  for (guint i = 0; i < collection->items->len; i++)
    {
      Item *item = g_ptr_array_index (collection->items, i);
      GBytes *there = rt_document_get_content (item->document);

      if (there != NULL && g_bytes_equal (there, content))
        return item;
    }
  return NULL;
}

static void
answer_item (const Collection *collection, const Item *item, guint status, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (status);
  g_autofree char *path = dup_item_path (collection, item);

  rt_fields_append (response->fields, status == 200 ? "Content-Location" : "Location", path);
  if (status == 409)
    {
      rt_reply_with_text (reply, response, "There is such an item already.\n");
      return;
    }
  if (status == 201)
    rt_document_add_validators (item->document, response);
  else
    rt_fields_append (response->fields, "Content-Type",
                      rt_document_get_content_type (item->document));
  rt_reply_with (reply, response,
                 status == 200 ? g_bytes_ref (rt_document_get_content (item->document)) : NULL);
}

static void
answer_made (Collection *collection, const Item *item, RtReply *reply)
{
  if (collection->drop > 0)
    {
      collection->drop--;
      reply->end = RT_REPLY_CLOSE;
      return;
    }
  answer_item (collection, item, 201, reply);
}

static char *
dup_content_type (const RtCall *call)
{
  const RtField *field = rt_fields_first (call->request->fields, "Content-Type");

  if (field == NULL || !g_utf8_validate (field->value.at, (gssize)field->value.length, NULL))
    return NULL;
  return rt_text_dup (field->value);
}

static void
make_item (Collection *collection, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Item *item = collection->again != AGAIN_DUPLICATE ? find_equal (collection, call->content) : NULL;
  g_autofree char *content_type = dup_content_type (call);

  if (item != NULL)
    answer_item (collection, item, collection->again == AGAIN_REUSE ? 200 : 409, reply);
  else if (!has_room (collection, call->content))
    rt_reply_with_status (reply, 507, "There is no room for more items.\n");
  else
    {
      item = add_numbered (collection);
      rt_document_set (item->document, call->content, content_type, call->now, out);
      show (collection, out);
      if (collection->answer_delay > 0)
        rt_reply_later (reply, call->now + collection->answer_delay, STAGE_ANSWER, item, NULL);
      else
        answer_made (collection, item, reply);
    }
}

static void
take_post (Collection *collection, const RtCall *call, RtReply *reply, RtEffects *out)
{
  if (!rt_content_demand_is_met (collection->demand, call, reply, out))
    return;
  if (collection->commit_delay > 0)
    rt_reply_later (reply, call->now + collection->commit_delay, STAGE_COMMIT, NULL, NULL);
  else
    make_item (collection, call, reply, out);
}

/* Below. */

static void
ask_item (Collection *collection, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const char *name = call->below + 1;
  Item *item = NULL;

  for (guint i = 0; item == NULL && i < collection->items->len; i++)
    if (strcmp (((Item *)g_ptr_array_index (collection->items, i))->name, name) == 0)
      item = g_ptr_array_index (collection->items, i);
  if (item == NULL && collection->put_creates && rt_call_is (call, "PUT") && *name != '\0'
      && strchr (name, '/') == NULL && has_room (collection, call->content))
    item = add_item (collection, name);
  if (item == NULL)
    {
      rt_reply_with_status (reply, 404, "There is no such item.\n");
      return;
    }
  if (!rt_method_is_safe (call->request->method) && !has_room (collection, call->content)
      && !rt_call_is (call, "DELETE"))
    {
      rt_reply_with_status (reply, 507, "There is no room for more.\n");
      return;
    }
  rt_document_kind.handle (item->document, call, reply, out);
  if (reply->response != NULL && !rt_method_is_safe (call->request->method)
      && reply->response->status < 300)
    {
      collection->version++;
      show (collection, out);
    }
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Collection *collection = self;

  if (*call->below != '\0' && strcmp (call->below, "/") != 0)
    ask_item (collection, call, reply, out);
  else if (call->stage == STAGE_COMMIT)
    make_item (collection, call, reply, out);
  else if (call->stage == STAGE_ANSWER)
    answer_made (collection, call->data, reply);
  else if (rt_method_is_read (call->request->method))
    answer_list (collection, call, reply, out);
  else if (rt_call_is (call, "POST"))
    take_post (collection, call, reply, out);
  else
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, POST, OPTIONS");
}

const RtResourceKind rt_collection_kind = {
  .name = "collection",
  .summary = "items that POST makes and the server names; each is a document",
  .notes = "GET, HEAD, POST and OPTIONS, and what documents have below. Its state has the key PATH "
           "and the\n"
           "member `items`; an item's is that of a document.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .tree = TRUE,
  .create = create,
  .announce = announce,
  .handle = handle,
  .free = collection_free,
};
