package api

import (
	"context"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"trellis/internal/platform/i18n"
)

// huma writes English sentences. To say them in the caller's language, its
// formatter keeps template and arguments apart, and translate finds our
// message by the template.
const argMark = "\x1f"

func encodeMessage(format string, args ...any) string {
	var b strings.Builder
	b.WriteString(format)
	for _, a := range args {
		b.WriteString(argMark + fmt.Sprint(a))
	}
	return b.String()
}

func translate(ctx context.Context, d *huma.ErrorDetail) Detail {
	parts := strings.Split(d.Message, argMark)
	at := d.Location
	w, ok := words[parts[0]]
	switch {
	case !ok:
		// A parser's own words may repeat what was sent.
		return Detail{at, i18n.T(ctx, "field.invalid")}
	case w.missing && len(parts) > 1:
		// huma points at the object and names the field in the text.
		return Detail{strings.TrimPrefix(at+"."+parts[1], "."), i18n.T(ctx, w.key)}
	case w.key == "field.too_short" && len(parts) > 1 && parts[1] == "1":
		return Detail{at, i18n.T(ctx, "field.required")}
	case w.arg != "" && len(parts) > 1:
		return Detail{at, i18n.T(ctx, w.key, w.arg, parts[1])}
	}
	return Detail{at, i18n.T(ctx, w.key)}
}

// word is our message for one of huma's.
type word struct {
	key     string
	arg     string // the name of its placeholder
	missing bool
}

var words = map[string]word{
	validation.MsgUnexpectedProperty:                {key: "field.unknown_name"},
	"unknown query parameter":                       {key: "field.unknown_name"},
	validation.MsgExpectedRequiredProperty:          {key: "field.required", missing: true},
	validation.MsgExpectedDependentRequiredProperty: {key: "field.required", missing: true},
	"required path parameter is missing":            {key: "field.required"},
	"required query parameter is missing":           {key: "field.required"},
	"required header parameter is missing":          {key: "field.required"},
	validation.MsgExpectedBoolean:                   {key: "api.field.boolean"},
	"invalid boolean":                               {key: "api.field.boolean"},
	validation.MsgExpectedNumber:                    {key: "field.not_number"},
	"invalid float":                                 {key: "field.not_number"},
	validation.MsgExpectedInteger:                   {key: "api.field.integer"},
	"invalid integer":                               {key: "api.field.integer"},
	validation.MsgExpectedString:                    {key: "api.field.string"},
	validation.MsgExpectedArray:                     {key: "api.field.array"},
	validation.MsgExpectedObject:                    {key: "api.field.object"},
	validation.MsgExpectedArrayItemsUnique:          {key: "api.field.unique"},
	validation.MsgExpectedOneOf:                     {key: "api.field.one_of", arg: "Values"},
	validation.MsgExpectedConst:                     {key: "api.field.one_of", arg: "Values"},
	validation.MsgExpectedMinimumNumber:             {key: "field.too_small", arg: "Min"},
	validation.MsgExpectedMaximumNumber:             {key: "field.too_large", arg: "Max"},
	validation.MsgExpectedMinLength:                 {key: "field.too_short", arg: "Min"},
	validation.MsgExpectedMaxLength:                 {key: "field.too_long", arg: "Max"},
	validation.MsgExpectedMinItems:                  {key: "api.field.too_few", arg: "Min"},
	validation.MsgExpectedMaxItems:                  {key: "field.too_many", arg: "Max"},
	validation.MsgExpectedRFC3339DateTime:           {key: "api.field.instant"},
	validation.MsgExpectedRFC3339Date:               {key: "api.field.date"},
	validation.MsgExpectedRFC5322Email:              {key: "field.not_email"},
	validation.MsgExpectedRFC5322EmailBare:          {key: "field.not_email"},
}
