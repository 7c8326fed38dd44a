// expect: success stdout="<script>"
// For the page that shows it, and for the record.
#include <stdio.h>

int main(void)
{
    puts("<script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;{{7*7}}");
    puts("</textarea><iframe src=javascript:alert(1)>");
    return 0;
}
